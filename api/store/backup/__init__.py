"""Backups: a file each, complete or absent, and their way back into a database, whole or not at all."""

from api.store.backup.file import Damaged, Header, read_header, verify
from api.store.backup.restoring import Restored, restore
from api.store.backup.taking import take
from api.store.backup.tombstones import NAME, Tombstone, keep, read

__all__ = [
    "NAME",
    "Damaged",
    "Header",
    "Restored",
    "Tombstone",
    "keep",
    "read",
    "read_header",
    "restore",
    "take",
    "verify",
]
