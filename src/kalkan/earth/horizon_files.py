"""Horizon tables on disk: read and write one cached table, safely."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kalkan.files import whole

CACHED_TABLES = 100  # 18 MB each
FOOTER = np.zeros(4, np.float32)  # room of two float64: antenna height above sea [m], checksum


def checksum_of(tan_max: NDArray[np.float32], antenna_msl_m: float) -> int:
    """Checksum (Adler-32) of a table's bytes and the height of its antenna [m]."""
    return zlib.adler32(np.float64(antenna_msl_m).tobytes(), zlib.adler32(np.ascontiguousarray(tan_max).data.cast("B")))


@lru_cache(maxsize=1)
def builder_stamp() -> str:
    """Hash of the sources of this room and its sub-folders: another builder, another file."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()


def read(path: Path, n_az: int, n_rng: int) -> tuple[NDArray[np.float32], float] | None:
    """Table and antenna height [m] of a cached file, or None if it is absent or damaged.

    The table is mapped, not copied: private pages of the file, which stay valid after the file is
    replaced or removed. Nothing in the file says how it is to be read: the sizes are known.
    """
    header, n = _header(n_az, n_rng), n_az * n_rng
    try:
        with path.open("rb") as stream:
            if stream.read(len(header)) != header or stream.seek(0, os.SEEK_END) != _n_bytes(header, n):
                return None
            mapped = np.memmap(stream, np.float32, "c", len(header), (n + FOOTER.size,))
    except (OSError, ValueError):
        return None
    stored = mapped.view(np.ndarray)
    tan_max = stored[:n].reshape(n_az, n_rng)
    antenna_msl_m, checksum = stored[n:].copy().view(np.float64)
    if checksum_of(tan_max, antenna_msl_m) != checksum:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # recently used: forgotten last
    return tan_max, float(antenna_msl_m)


def _header(n_az: int, n_rng: int) -> bytes:
    """How a file begins: as one that NumPy writes, for whoever wants to look into it."""
    stream = io.BytesIO()
    about = {"descr": "<f4", "fortran_order": False, "shape": (n_az * n_rng + FOOTER.size,)}
    np.lib.format.write_array_header_1_0(stream, about)
    return stream.getvalue()


def _n_bytes(header: bytes, n: int) -> int:
    return len(header) + (n + FOOTER.size) * FOOTER.itemsize


def write(path: Path, tan_max: NDArray[np.float32], antenna_msl_m: float) -> None:
    """Write a table whole or not at all; of the tables in its folder the least used are forgotten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    footer = np.array([antenna_msl_m, checksum_of(tan_max, antenna_msl_m)], np.float64).view(np.float32)
    with whole(path, lasting=False) as stream:
        np.save(stream, np.concatenate([tan_max.reshape(-1), footer]))
    newest_first = sorted(path.parent.glob("*.npy"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in newest_first[CACHED_TABLES:]:
        old.unlink(missing_ok=True)
