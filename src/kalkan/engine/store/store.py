"""One results folder, as the rest of kalkan knows it."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.engine import ledger
from kalkan.engine.ledger import Block
from kalkan.engine.store.interface import Arrays, Blocks
from kalkan.engine.store.record import RUN, is_sound, read_run, sealed, write_run
from kalkan.engine.store.zarr_blocks import ZarrBlocks
from kalkan.errors import DamagedError, StoreError
from kalkan.files import is_part, write_whole
from kalkan.schema import RAGGED, VARIABLES

REPORT = "report.html"
UNKNOWN = "unknown.json"
SCENARIO = "scenario.toml"
DERIVED = (REPORT,)  # made from the results: out of date once there are more of them
BACKEND: type[Blocks] = ZarrBlocks
_BEFORE_PARTS = (f"{RUN}.part", f"{UNKNOWN}.part")  # of kalkan's before `kalkan.files`


class Store:
    """One results folder.

    Parameters
    ----------
    path : Path
        The folder.
    run : dict
        Content of ``run.json``.

    Notes
    -----
    One writer at a time: ``engine.run`` holds a lock on the folder. Whatever is read is compared with its checksum.
    """

    def __init__(self, path: Path, run: dict[str, Any]) -> None:
        self.path = path
        self.run = run
        self._blocks = BACKEND(path, run)

    @classmethod
    def open(cls, path: str | Path) -> Store:
        """Open a folder that a run has made.

        Raises
        ------
        StoreError
            There is no such folder, or it was not made by kalkan, or by a newer kalkan, or is damaged.
        """
        return cls(Path(path), read_run(Path(path)))

    @property
    def blocks(self) -> list[Block]:
        """Finished blocks, by variant and first replication."""
        return self._blocks.finished()

    @property
    def listed(self) -> list[Block]:
        """Blocks that are known to be finished, also where the list of them is damaged."""
        return self._blocks.finished(sound_only=True)

    def save_run(self) -> None:
        """Write ``run.json`` whole or not at all."""
        with self.writing():
            self.run |= write_run(self.path, self.run)

    def save_scenario(self, text: str) -> None:
        """Keep a scenario as it was written; its checksum is saved with the run."""
        with self.writing():
            write_whole(self.path / SCENARIO, text)
        self.run["scenario_digest"] = _text_digest(text)

    def scenario_text(self) -> str:
        """The scenario file as it was run.

        Raises
        ------
        DamagedError
            It is not what was written.
        StoreError
            It cannot be read.
        """
        file = self.path / SCENARIO
        try:
            text = file.read_bytes().decode()
        except OSError as error:
            raise StoreError(f"{file} cannot be read: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise self._not_as_run(file) from error
        if self.run.get("scenario_digest", _text_digest(text)) != _text_digest(text):
            raise self._not_as_run(file)
        return text

    def save_unknown(self, content: Mapping[str, Any]) -> None:
        """Write the draws of the disputed claims whole or not at all."""
        with self.writing():
            write_whole(self.path / UNKNOWN, json.dumps(sealed(content), allow_nan=False))

    def drop_derived(self) -> None:
        """Take away what was made from fewer replications."""
        with self.writing():
            for name in DERIVED:
                (self.path / name).unlink(missing_ok=True)

    def write(self, block: Block, records: Mapping[str, NDArray[Any]]) -> Block:
        """Write one finished block: :meth:`append`, then :meth:`commit`."""
        done = self.append(block, records)
        self.commit()
        return done

    def append(self, block: Block, records: Mapping[str, NDArray[Any]]) -> Block:
        """Take a finished block; it is kept from the next :meth:`commit` on.

        Parameters
        ----------
        block : Block
            Its digests are ignored; they are computed here.
        records : mapping of str to array
            Every variable of the schema, `block.n` rows.

        Returns
        -------
        Block
            As it will stand in the ledger.

        Raises
        ------
        StoreError
            The folder cannot be written; blocks committed before are kept.
        """
        dense = {name: records[name] for name in self._blocks.variables}
        events = ragged(records)
        done = block._replace(digest=ledger.digest(dense, dense), events_digest=ledger.digest(events, events))
        with self.writing():
            self._blocks.append(done, dense, events)
        return done

    def commit(self) -> None:
        """Bring what was appended to the disk, then that it is finished.

        Raises
        ------
        StoreError
            The folder cannot be written; blocks committed before are kept.
        """
        with self.writing():
            self._blocks.commit()

    def read(self, variant: str) -> tuple[NDArray[np.int64], Arrays]:
        """Finished replications of a variant.

        Returns
        -------
        replications : int64 array (n,)
            Their numbers, ascending.
        arrays : dict
            Every variable without the event dimension that the folder holds and this version knows, `n` rows.

        Raises
        ------
        StoreError
            A block is missing or damaged.
        """
        blocks = [b for b in self.blocks if b.variant == variant]
        if not blocks:
            raise StoreError(f'{self.path} holds no finished replications of variant "{variant}"')
        found = self._blocks.dense(variant, blocks)
        rows = np.concatenate([np.arange(b.first, b.stop) for b in blocks])
        return rows, {name: array for name, array in found.items() if name in VARIABLES}

    def damaged(self) -> list[Block]:
        """Blocks whose data, dense or events, do not match their digests."""
        return self._blocks.unsound(self.blocks)

    def mend(self, variants: Sequence[str]) -> list[Block]:
        """Make ready to go on: what is damaged of these variants is repaired or forgotten; the blocks forgotten."""
        with self.writing():
            return self._blocks.mend(variants)

    def read_events(self, variant: str, replication: int) -> Arrays:
        """Event log of one replication: the variables of the schema with the event dimension.

        Raises
        ------
        StoreError
            The replication is not finished, or its block is missing or damaged.
        """
        block = self._block(variant, replication)
        events = self._blocks.events(block)
        row = replication - block.first
        lo, hi = events["event_offset"][row : row + 2]
        return {name: events[name][lo:hi] for name in RAGGED if name in events}

    def read_one(self, variant: str, replication: int) -> Arrays:
        """Every variable of one replication, the event log among them.

        Raises
        ------
        StoreError
            The replication is not finished, or its block is missing or damaged.
        """
        block = self._block(variant, replication)
        dense = self._blocks.dense(variant, [block])
        known = {name: array for name, array in dense.items() if name in VARIABLES}
        row = replication - block.first
        return {name: array[row] for name, array in known.items()} | self.read_events(variant, replication)

    def _block(self, variant: str, replication: int) -> Block:
        for b in self.blocks:
            if b.variant == variant and b.first <= replication < b.stop:
                return b
        raise StoreError(f'{self.path}: replication {replication} of variant "{variant}" is not finished')

    def _not_as_run(self, file: Path) -> DamagedError:
        return DamagedError(
            f"{file} is no longer what was run (it has changed since); the same kalkan run with --out {self.path} "
            "writes it again"
        )

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Make the folder, and turn the system's errors into a ``StoreError`` that says what to do."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError(
                f"{error.filename or self.path} cannot be written: {reason}; finished blocks are kept, "
                "make room or choose another --out and run again"
            ) from error


def stored_unknown(folder: Path) -> dict[str, Any] | None:
    """Draws of the disputed claims in a folder; None if there are none.

    Raises
    ------
    DamagedError
        They are not what was written.
    """
    file = folder / UNKNOWN
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged_draws(file) from error
    if not isinstance(content, dict) or ("checksum" in content and not is_sound(content)):
        raise _damaged_draws(file)
    return content


def _damaged_draws(file: Path) -> DamagedError:
    return DamagedError(
        f"{file} is damaged (content and checksum differ); the same kalkan run with --out {file.parent} makes it again"
    )


def clear(path: Path) -> None:
    """Take kalkan's own files away from a results folder, nothing else; ``run.json`` is left to be replaced.

    That anything is finished goes first: whoever is stopped here leaves a folder in which nothing is.
    """
    BACKEND(path, {}).clear()
    for name in (SCENARIO, UNKNOWN, *DERIVED, *_BEFORE_PARTS):
        (path / name).unlink(missing_ok=True)
    for file in path.iterdir():
        if is_part(file.name):
            file.unlink(missing_ok=True)


def is_ours(name: str) -> bool:
    """Whether a name in a results folder is of one of kalkan's own files."""
    return is_part(name) or name in (RUN, SCENARIO, UNKNOWN, *DERIVED, *_BEFORE_PARTS, *BACKEND.NAMES, "lock")


def ragged(records: Mapping[str, NDArray[Any]]) -> Arrays:
    """Event logs of a block one behind the other, with the offset of each replication, (n + 1,) int64."""
    counts = np.asarray(records["event_count"], np.int64)
    columns = np.arange(records[RAGGED[0]].shape[1])
    used = columns[None, :] < counts[:, None]
    events: Arrays = {"event_offset": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)}
    events |= {name: np.asarray(records[name])[used] for name in RAGGED}
    return events


def _text_digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
