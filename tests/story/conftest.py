"""Stories are told on the whole service."""

from tests.story.stage import stage

__all__ = ["stage"]
