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

from kalkan.errors import StoreError
from kalkan.schema import RAGGED, VARIABLES

DENSE = tuple(name for name in VARIABLES if name not in RAGGED)


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


def read(path: Path) -> list[Block]:
    """Finished blocks; a later line replaces earlier ones that it overlaps; a torn last line is skipped.

    Raises
    ------
    StoreError
        A line other than the last is not a block.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    *lines, _torn = text.split("\n")
    blocks: list[Block] = []
    for number, line in enumerate(lines, 1):
        new = _parse(path, number, line)
        blocks = [b for b in blocks if not _overlap(b, new)] + [new]
    return sorted(blocks, key=lambda b: (b.variant, b.first))


def _parse(path: Path, number: int, line: str) -> Block:
    try:
        block = Block(**json.loads(line))
        if not (isinstance(block.variant, str) and block.first >= 0 and block.n >= 1):
            raise ValueError("no such block")
    except (ValueError, TypeError) as error:
        raise StoreError(
            f"{path}, line {number}: not a finished block; the folder is damaged, run again with --overwrite"
        ) from error
    return block


def _overlap(a: Block, b: Block) -> bool:
    return a.variant == b.variant and a.first < b.stop and b.first < a.stop


def append(path: Path, block: Block) -> None:
    """Add one line and force it to disk; a torn last line is cut off first."""
    line = json.dumps(block._asdict(), ensure_ascii=False) + "\n"
    with path.open("a+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(0)
        kept = file.read().rfind(b"\n") + 1
        if kept != end:
            file.truncate(kept)
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


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
