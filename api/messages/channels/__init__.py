"""The ways a letter leaves the house. `channel_for` picks the one that the settings ask for."""

from api.messages.channels.choice import channel_for
from api.messages.channels.port import Channel, PermanentFailure, TemporaryFailure

__all__ = ["Channel", "PermanentFailure", "TemporaryFailure", "channel_for"]
