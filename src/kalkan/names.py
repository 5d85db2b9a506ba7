"""Names as keys: what is random of a thing hangs on what it is called, not on where it stands in a list."""

from __future__ import annotations

import hashlib


def name_hash(name: str) -> int:
    """64-bit hash of an entity's name: the key of its random numbers."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
