"""Repairing what is published when life changes it: what began it, the search, what becomes of its plan, and the board."""
