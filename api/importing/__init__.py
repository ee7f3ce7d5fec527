"""Readers of official files as they are published: they check structure, and change nothing themselves."""
