"""The ledger of finished blocks: one line of JSON per block, written after its data.

A missing or half-written chunk of an array reads as zeros. Only the ledger says which rows hold
results, and its digests say whether they still do.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.errors import DamagedError, StoreError
from kalkan.files import remove, sync_folder, whole
from kalkan.schema import CAMPAIGN_DIMS, RAGGED, VARIABLES

DENSE = tuple(name for name in VARIABLES if name not in RAGGED)
OF_RAIDS = tuple(name for name in DENSE if not CAMPAIGN_DIMS.intersection(VARIABLES[name].dims))
EVENT_PARTS = ("event_offset", *RAGGED)
CHECK = "check"  # of a line: its own checksum


class Block(NamedTuple):
    """A finished block of replications ``first … first + n - 1`` of one variant."""

    variant: str
    first: int
    n: int
    digest: str  # of the dense variables
    events_digest: str  # of the event log
    seconds: float  # processor time of the thread that computed it [s]
    simulated_s: float  # simulated time in it [s]
    wall_s: float = 0.0  # time since the block before it was finished, or since the run began [s]

    @property
    def stop(self) -> int:
        """One past the last replication."""
        return self.first + self.n


def digest(arrays: Mapping[str, NDArray[Any]], names: Iterable[str]) -> str:
    """BLAKE2b [32 hex digits] of arrays: names, shapes and little-endian bytes, in the order of `names`."""
    total = hashlib.blake2b(digest_size=16)
    for name in names:
        array = np.ascontiguousarray(arrays[name], np.asarray(arrays[name]).dtype.newbyteorder("<"))
        total.update(f"{name}{array.shape}".encode())
        total.update(array.data)
    return total.hexdigest()


def read(path: Path, *, sound_only: bool = False) -> list[Block]:
    """Finished blocks; a later line replaces earlier ones that it overlaps; a torn last line is skipped.

    Parameters
    ----------
    path : Path
    sound_only : bool
        Skip lines that are not what was written.

    Raises
    ------
    DamagedError
        A line other than the last is not what was written.
    StoreError
        The file cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}") from error
    *lines, _torn = data.split(b"\n")
    blocks: list[Block] = []
    for number, line in enumerate(lines, 1):
        try:
            new = _parse(line)
        except (ValueError, TypeError, RecursionError) as error:
            if sound_only:
                continue
            raise DamagedError(
                f"{path}, line {number}: not a finished block as it was written; the same kalkan run with "
                f"--out {path.parent} computes again what is not known to be sound"
            ) from error
        blocks = [b for b in blocks if not _overlap(b, new)] + [new]
    return sorted(blocks, key=lambda b: (b.variant, b.first))


def _parse(line: bytes) -> Block:
    """A block; a line of an older kalkan has no checksum of its own."""
    found = json.loads(line)
    check = found.pop(CHECK, None)
    block = Block(**found)
    if not (isinstance(block.variant, str) and block.first >= 0 and block.n >= 1):
        raise ValueError("no such block")
    if check is not None and check != _check(block):
        raise ValueError("line and checksum differ")
    return block


def _line(block: Block) -> bytes:
    return json.dumps(block._asdict() | {CHECK: _check(block)}, ensure_ascii=False).encode() + b"\n"


def _check(block: Block) -> str:
    """BLAKE2b [16 hex digits] of a line."""
    return hashlib.blake2b(json.dumps(block).encode(), digest_size=8).hexdigest()


def _overlap(a: Block, b: Block) -> bool:
    return a.variant == b.variant and a.first < b.stop and b.first < a.stop


def append(path: Path, blocks: Iterable[Block]) -> None:
    """Add lines and force them to disk; a torn last line is cut off first."""
    new = not path.exists()
    with path.open("a+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(0)
        kept = file.read().rfind(b"\n") + 1
        if kept != end:
            file.truncate(kept)
        file.write(b"".join(map(_line, blocks)))
        file.flush()
        os.fsync(file.fileno())
    if new:
        sync_folder(path.parent)


def rewrite(path: Path, blocks: Iterable[Block]) -> None:
    """Put these blocks in place of those that were there, whole or not at all."""
    with whole(path) as file:
        file.writelines(_line(b) for b in blocks)


def clear(path: Path) -> None:
    """Nothing is finished any more."""
    remove(path)


def gaps(blocks: Iterable[Block], variant: str, replications: int) -> list[tuple[int, int]]:
    """Ranges ``(first, stop)`` of ``0 … replications - 1`` that no block of the variant covers."""
    missing: list[tuple[int, int]] = []
    at = 0
    for b in sorted((b for b in blocks if b.variant == variant), key=lambda b: b.first):
        if b.first > at:
            missing.append((at, min(b.first, replications)))
        at = max(at, b.stop)
        if at >= replications:
            return [m for m in missing if m[0] < m[1]]
    missing.append((at, replications))
    return [m for m in missing if m[0] < m[1]]
