"""The ways a letter leaves the house. `channel_for` and `text_channel_for` pick those that the settings ask for."""

from api.messages.channels.choice import NoGateway, channel_for, text_channel_for
from api.messages.channels.port import Channel, PermanentFailure, TemporaryFailure, UnknownOutcome

__all__ = [
    "Channel",
    "NoGateway",
    "PermanentFailure",
    "TemporaryFailure",
    "UnknownOutcome",
    "channel_for",
    "text_channel_for",
]
