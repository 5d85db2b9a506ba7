"""Horizon tables on disk: read and write one cached table, safely."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CACHED_TABLES = 100  # 18 MB each
FOOTER = np.zeros(4, np.float32)  # room of two float64: antenna height above sea [m], checksum


def checksum_of(tan_max: NDArray[np.float32]) -> int:
    """Checksum (Adler-32) of a table's bytes."""
    return zlib.adler32(np.ascontiguousarray(tan_max).data.cast("B"))


@lru_cache(maxsize=1)
def builder_stamp() -> str:
    """Hash of the sources of this room and its sub-folders: another builder, another file."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()


def read(path: Path, n_az: int, n_rng: int) -> tuple[NDArray[np.float32], float] | None:
    """Table and antenna height [m] of a cached file, or None if it is absent or damaged.

    The table is mapped, not copied: private pages of the file, which stay valid after the file is
    replaced or removed.
    """
    try:
        stored = np.load(path, mmap_mode="c", allow_pickle=False).view(np.ndarray)
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if stored.dtype != np.float32 or stored.shape != (n_az * n_rng + FOOTER.size,):
        return None
    tan_max = stored[: -FOOTER.size].reshape(n_az, n_rng)
    antenna_msl_m, checksum = stored[-FOOTER.size :].copy().view(np.float64)
    if checksum_of(tan_max) != checksum:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # recently used: forgotten last
    return tan_max, float(antenna_msl_m)


def write(path: Path, tan_max: NDArray[np.float32], antenna_msl_m: float) -> None:
    """Write under another name, then rename: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    footer = np.array([antenna_msl_m, checksum_of(tan_max)], np.float64).view(np.float32)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as stream:
        np.save(stream, np.concatenate([tan_max.reshape(-1), footer]))
    Path(stream.name).replace(path)
    newest_first = sorted(path.parent.glob("*.npy"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in newest_first[CACHED_TABLES:]:
        old.unlink(missing_ok=True)
