"""Finished points of a study on disk, by content: asked again, they are read and not simulated.

An answer's name is a hash of the world that it is of: the whole plan, the code that simulates and counts, seed and
replications. A note under the name of what was asked tells which answer that was and of which world, so that a
study that was stopped goes on where it was, one that was changed takes from before what still holds, and what no
longer holds can be said.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from kalkan.files import whole


class Remembered:
    """A folder of small arrays by key.

    Parameters
    ----------
    folder : Path or None
        Made when the first point is written; None: nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def read(self, key: str) -> dict[str, NDArray[Any]] | None:
        """What was written under a key, or None; a damaged file counts as absent."""
        if self.folder is None:
            return None
        try:
            with np.load(self.folder / f"{key}.npz", allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
            return None

    def write(self, key: str, arrays: dict[str, NDArray[Any]]) -> None:
        """Write arrays under a key."""
        self._whole(f"{key}.npz", lambda stream: np.savez(stream, **arrays))  # type: ignore[arg-type]

    def note(self, question: str) -> dict[str, Any] | None:
        """What was noted about a question, or None; a damaged file counts as absent."""
        if self.folder is None:
            return None
        try:
            found = json.loads(gzip.decompress((self.folder / f"{question}.note.gz").read_bytes()))
        except (OSError, ValueError, EOFError, zlib.error):
            return None
        return found if isinstance(found, dict) else None

    def write_note(self, question: str, note: dict[str, Any]) -> None:
        """Note plain data about a question."""
        text = gzip.compress(json.dumps(note).encode(), mtime=0)
        self._whole(f"{question}.note.gz", lambda stream: stream.write(text))

    def _whole(self, name: str, write: Callable[[IO[bytes]], Any]) -> None:
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with whole(self.folder / name, lasting=False) as stream:
            write(stream)


def key_of(*parts: Any) -> str:
    """Hash [24 hex digits] of plain data."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]
