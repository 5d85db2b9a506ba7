"""Finished points of a study on disk, by content: asked again, they are read and not simulated.

A point's name is a hash of everything that decides its numbers (variant, stance, catalogue, seed,
replications, all code that computes), so that a study that was stopped goes on where it was, and one that was
changed takes from before what still holds.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
        """Write under another name, then rename, so that a file is whole or not there."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]
        try:
            Path(stream.name).replace(self.folder / f"{key}.npz")
        except OSError:
            with contextlib.suppress(OSError):
                Path(stream.name).unlink()
            raise


def key_of(*parts: Any) -> str:
    """Hash [24 hex digits] of plain data."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]
