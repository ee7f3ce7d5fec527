"""Plans as coordinators change them by hand: what a change does, said before it is taken, and taken back if it was wrong."""
