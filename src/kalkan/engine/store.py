"""The results folder: arrays in a Zarr store, a ledger of finished blocks, and what was run.

::

    DIR/run.json        what was run: identities, seed, versions, names, every figure's source
    DIR/scenario.toml   the scenario file as it was
    DIR/ledger.jsonl    one line per finished block
    DIR/results.zarr    one group per variant, one array per variable of ``kalkan.schema``;
                        event logs in ``VARIANT/events/block_FIRST``
    DIR/unknown.json    draws of the disputed claims (``kalkan.studies.unknown``)
    DIR/report.html     the report, taken away when more replications are computed

Zarr is imported when the first block is written or read, not before.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.engine import ledger
from kalkan.engine.ledger import DENSE, Block
from kalkan.errors import StoreError
from kalkan.schema import RAGGED, VARIABLES

Arrays = dict[str, NDArray[Any]]
FORMAT = 1
REPORT = "report.html"
UNKNOWN = "unknown.json"
DERIVED = (REPORT,)  # made from the results: out of date once there are more of them
CHUNK = 64  # replications per chunk
EVENT_PARTS = ("event_offset", *RAGGED)


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
    One writer at a time: ``engine.run`` holds a lock on the folder.
    """

    def __init__(self, path: Path, run: dict[str, Any]) -> None:
        self.path = path
        self.run = run
        self._arrays: dict[tuple[str, str], Any] = {}

    @classmethod
    def open(cls, path: str | Path) -> Store:
        """Open a folder that a run has made.

        Raises
        ------
        StoreError
            There is no such folder, or it was not made by kalkan, or by a newer kalkan.
        """
        path = Path(path)
        try:
            run = json.loads((path / "run.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            what = "is not a kalkan results folder (no run.json)" if path.is_dir() else "does not exist"
            raise StoreError(f"{path} {what}") from None
        except (OSError, ValueError) as error:
            raise StoreError(f"{path / 'run.json'} cannot be read: {error}") from error
        if not isinstance(run, dict) or run.get("format") != FORMAT:
            raise StoreError(_unknown_format(path, run if isinstance(run, dict) else {}))
        return cls(path, run)

    @property
    def dense(self) -> tuple[str, ...]:
        """Variables that the folder holds, but for event logs: those of the version that made it."""
        return tuple(self.run.get("variables", {}).get("dense", DENSE))

    @property
    def event_parts(self) -> tuple[str, ...]:
        """Arrays of an event log in the folder."""
        return tuple(self.run.get("variables", {}).get("events", EVENT_PARTS))

    @property
    def blocks(self) -> list[Block]:
        """Finished blocks, by variant and first replication."""
        return ledger.read(self.path / "ledger.jsonl")

    def save_run(self) -> None:
        """Write ``run.json`` whole or not at all."""
        part = self.path / "run.json.part"
        with self.writing():
            with part.open("w", encoding="utf-8") as file:
                json.dump(self.run, file, ensure_ascii=False, indent=1, allow_nan=False)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path / "run.json")

    def drop_derived(self) -> None:
        """Take away what was made from fewer replications."""
        with self.writing():
            for name in DERIVED:
                (self.path / name).unlink(missing_ok=True)

    def write(self, block: Block, records: Mapping[str, NDArray[Any]]) -> Block:
        """Write a finished block, then its line in the ledger.

        Parameters
        ----------
        block : Block
            Its digests are ignored; they are computed here.
        records : mapping of str to array
            Every variable of the schema, `block.n` rows.

        Returns
        -------
        Block
            As it stands in the ledger.

        Raises
        ------
        StoreError
            The folder cannot be written; blocks finished before are kept.
        """
        events = ragged(records)
        done = block._replace(
            digest=ledger.digest(records, DENSE), events_digest=ledger.digest(events, EVENT_PARTS)
        )
        with self.writing(), _full_chunks():
            for name in DENSE:
                self._array(block.variant, name, block.stop)[block.first : block.stop] = records[name]
            self._write_events(block, events)
            ledger.append(self.path / "ledger.jsonl", done)
        return done

    def read(self, variant: str, *, verify: bool = True) -> tuple[NDArray[np.int64], Arrays]:
        """Finished replications of a variant.

        Parameters
        ----------
        variant : str
        verify : bool
            Compare every block with its digest in the ledger; otherwise only look for missing files.

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
        full = {name: self._rows(variant, name, blocks) for name in self.dense}
        if verify:
            for b in blocks:
                if ledger.digest({k: v[b.first : b.stop] for k, v in full.items()}, self.dense) != b.digest:
                    raise self._damaged(b)
        rows = np.concatenate([np.arange(b.first, b.stop) for b in blocks])
        return rows, {name: array[rows] for name, array in full.items() if name in VARIABLES}

    def damaged(self) -> list[Block]:
        """Blocks whose data, dense or events, do not match their digests."""
        return [b for b in self.blocks if not self._sound(b)]

    def read_events(self, variant: str, replication: int) -> Arrays:
        """Event log of one replication: the variables of the schema with the event dimension.

        Raises
        ------
        StoreError
            The replication is not finished, or its block is missing or damaged.
        """
        mine = [b for b in self.blocks if b.variant == variant and b.first <= replication < b.stop]
        if not mine:
            raise StoreError(f'{self.path}: replication {replication} of variant "{variant}" is not finished')
        events = self._block_events(mine[0])
        row = replication - mine[0].first
        lo, hi = events["event_offset"][row : row + 2]
        return {name: events[name][lo:hi] for name in RAGGED if name in events}

    def read_one(self, variant: str, replication: int) -> Arrays:
        """Every variable of one replication, the event log among them.

        Raises
        ------
        StoreError
            The replication is not finished, or its block is missing or damaged.
        """
        events = self.read_events(variant, replication)
        block = next(b for b in self.blocks if b.variant == variant and b.first <= replication < b.stop)
        dense = {name: self._rows(variant, name, [block], block.first) for name in self.dense}
        if ledger.digest(dense, self.dense) != block.digest:
            raise self._damaged(block)
        known = {name: array for name, array in dense.items() if name in VARIABLES}
        return {name: array[replication - block.first] for name, array in known.items()} | events

    def _sound(self, block: Block) -> bool:
        try:
            dense = {name: self._rows(block.variant, name, [block], block.first) for name in self.dense}
            self._block_events(block)
        except StoreError:
            return False
        return ledger.digest(dense, self.dense) == block.digest

    def _block_events(self, block: Block) -> Arrays:
        where = f"{block.variant}/events/block_{block.first:08d}"
        try:
            group = self._root("r")[where]
            events = {name: np.asarray(group[name][:]) for name in self.event_parts}
        except Exception as error:
            raise self._damaged(block) from error
        if ledger.digest(events, self.event_parts) != block.events_digest:
            raise self._damaged(block)
        return events

    def _rows(self, variant: str, name: str, blocks: list[Block], first: int = 0) -> NDArray[Any]:
        """Rows from `first` to the end of the last block; no chunk of a finished block may be missing."""
        group = self.path / "results.zarr" / variant / name
        try:
            array = self._root("r")[f"{variant}/{name}"]
        except Exception as error:
            raise self._damaged(blocks[0], f"{name}: {error}") from error
        tail = ["0"] * (array.ndim - 1)
        for b in blocks:
            chunks = range(b.first // CHUNK, (b.stop - 1) // CHUNK + 1)
            if not all(group.joinpath("c", str(c), *tail).is_file() for c in chunks):
                raise self._damaged(b, f"{name}: a file is missing")
        try:
            return np.asarray(array[first : max(b.stop for b in blocks)])
        except Exception as error:
            raise self._damaged(blocks[0], f"{name}: {error}") from error

    def _damaged(self, block: Block, detail: str = "data and checksum differ") -> StoreError:
        return StoreError(
            f'{self.path}: replications {block.first} to {block.stop - 1} of variant "{block.variant}" are '
            f"damaged ({detail}); the same kalkan run with --out {self.path} computes them again"
        )

    def _root(self, mode: str) -> Any:
        import zarr

        return zarr.open_group(str(self.path / "results.zarr"), mode=mode, zarr_format=3)  # type: ignore[arg-type]

    def _array(self, variant: str, name: str, rows: int) -> Any:
        """The array of a variable, made if need be, with at least `rows` rows."""
        if (variant, name) not in self._arrays:
            self._open_arrays(variant)
        array = self._arrays[variant, name]
        if array.shape[0] < rows:
            array.resize((rows, *array.shape[1:]))
        return array

    def _open_arrays(self, variant: str) -> None:
        about = self.run["variants"][variant]
        group = self._root("a").require_group(variant)
        group.attrs.put({"label": about["label"], "labels": about["labels"]})
        rows = int(self.run["replications"])
        for name in DENSE:
            v = VARIABLES[name]
            if name in group:
                self._arrays[variant, name] = group[name]
                continue
            sizes = [about["sizes"][d] for d in v.dims[1:]]
            self._arrays[variant, name] = group.create_array(
                name,
                shape=(rows, *sizes),
                chunks=(CHUNK, *(max(s, 1) for s in sizes)),
                dtype=v.dtype,
                compressors=_codecs(),
                dimension_names=v.dims,
                attributes={"unit": v.unit, "sentence": v.sentence},
            )

    def _write_events(self, block: Block, events: Arrays) -> None:
        where = f"{block.variant}/events/block_{block.first:08d}"
        group = self._root("a").create_group(where, overwrite=True)
        for name, array in events.items():
            group.create_array(name, data=array, chunks=(max(array.size, 1),), compressors=_codecs())

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Make the folder, and turn the system's errors into a ``StoreError`` that says what to do."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError(
                f"{self.path} cannot be written: {reason}; finished blocks are kept, "
                "make room or choose another --out and run again"
            ) from error


def _unknown_format(path: Path, run: Mapping[str, Any]) -> str:
    """Why a folder cannot be read, and who could."""
    made = run.get("versions", {}).get("kalkan") if isinstance(run.get("versions"), dict) else None
    by = f"kalkan {made}" if made else "another version of kalkan"
    return (
        f"{path} was written by {by} in a form that this version does not know "
        f"(format {run.get('format', 'unknown')}, not {FORMAT}); read it with that one, or run again with --overwrite"
    )


def ragged(records: Mapping[str, NDArray[Any]]) -> Arrays:
    """Event logs of a block one behind the other, with the offset of each replication, (n + 1,) int64."""
    counts = np.asarray(records["event_count"], np.int64)
    columns = np.arange(records[RAGGED[0]].shape[1])
    used = columns[None, :] < counts[:, None]
    events: Arrays = {"event_offset": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)}
    events |= {name: np.asarray(records[name])[used] for name in RAGGED}
    return events


def _codecs() -> list[Any]:
    from zarr.codecs import Crc32cCodec, ZstdCodec

    return [ZstdCodec(level=1), Crc32cCodec()]


def _full_chunks() -> contextlib.AbstractContextManager[Any]:
    """Write chunks of zeros too, so that a missing one is a fault and never a result."""
    import zarr

    made: Callable[..., contextlib.AbstractContextManager[Any]] = zarr.config.set
    return made({"array.write_empty_chunks": True})
