"""What something was computed from, as a key under which it is kept."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np


def content(*parts: Any) -> str:
    """Hash of numbers, texts and arrays, also within tuples."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        _feed(digest, part)
    return digest.hexdigest()


def _feed(digest: Any, part: Any) -> None:
    if isinstance(part, np.ndarray):
        digest.update(f"{part.dtype.str}{part.shape}".encode() + np.ascontiguousarray(part).tobytes())
    elif isinstance(part, tuple):
        digest.update(f"({len(part)}".encode())
        for one in part:
            _feed(digest, one)
    else:
        digest.update(f"{part!r};".encode())
