"""The largest number of the format, and numbers as they were typed."""

LARGEST = 1_000_000


def as_typed(value: float) -> float:
    """A whole number without the `.0` that reading it as a float has added."""
    whole = isinstance(value, float) and value.is_integer()  # Other integers may be too large for a float.
    return int(value) if whole else value
