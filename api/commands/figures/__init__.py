"""The figures of the public side, measured on the service itself: how heavy, how fast, how many, and who else is asked."""
