"""Blocks in a Zarr store, with a ledger of JSON lines beside it. Zarr is imported when it is first needed."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.engine import ledger
from kalkan.engine.ledger import Block
from kalkan.engine.store import zarr_frame
from kalkan.engine.store.interface import Arrays, Blocks
from kalkan.engine.store.zarr_frame import CHUNK
from kalkan.files import remove, sync_folder

LEDGER, DATA = "ledger.jsonl", "results.zarr"


class ZarrBlocks(Blocks):
    """One group per variant, one array per variable, one group of event logs per block."""

    NAMES = (LEDGER, DATA)

    def __init__(self, path: Path, run: Mapping[str, Any]) -> None:
        super().__init__(path, run)
        self._arrays: dict[tuple[str, str], Any] = {}
        self._staged: Any = None
        self._appended: list[Block] = []

    def finished(self, *, sound_only: bool = False) -> list[Block]:
        """See :meth:`Blocks.finished`."""
        return ledger.read(self.path / LEDGER, sound_only=sound_only)

    def append(self, block: Block, dense: Mapping[str, NDArray[Any]], events: Arrays) -> None:
        """See :meth:`Blocks.append`."""
        try:
            with _full_chunks():
                for name, rows in dense.items():
                    self._put(block, name, rows)
                group = self._root().create_group(_log(block), overwrite=True)
                for name, array in events.items():
                    shape = (max(array.size, 1),)
                    group.create_array(name, data=array, chunks=shape, compressors=zarr_frame.codecs())
            self._appended.append(block)
        except BaseException:
            self._let_go()
            raise

    def commit(self) -> None:
        """See :meth:`Blocks.commit`."""
        if not self._appended:
            return
        try:
            self._staged.commit()
            ledger.append(self.path / LEDGER, self._appended)
            self._appended.clear()
        except BaseException:
            self._let_go()
            raise

    def repair(self, variants: Sequence[str]) -> None:
        """See :meth:`Blocks.repair`: the ledger without lines that are not sound, then the frame of the arrays."""
        self._let_go()
        blocks = self.finished(sound_only=True)
        ledger.rewrite(self.path / LEDGER, blocks)
        for variant in dict.fromkeys(b.variant for b in blocks if b.variant in variants):
            rows = max(b.stop for b in blocks if b.variant == variant)
            zarr_frame.mend(self.path / DATA, variant, self.run["variants"][variant], self.variables, rows)

    def forget(self, blocks: Sequence[Block]) -> None:
        """See :meth:`Blocks.forget`."""
        self._let_go()
        ledger.rewrite(self.path / LEDGER, [b for b in self.finished() if b not in blocks])
        for block in blocks:
            shutil.rmtree(self.path / DATA / _log(block), ignore_errors=True)

    def clear(self) -> None:
        """See :meth:`Blocks.clear`."""
        self._let_go()
        remove(self.path / LEDGER)
        if (self.path / DATA).is_dir():
            shutil.rmtree(self.path / DATA)
            sync_folder(self.path)

    def _dense(self, variant: str, blocks: Sequence[Block]) -> list[Arrays]:
        """See :meth:`Blocks._dense`."""
        try:
            group = zarr_frame.reading(self.path / DATA)[variant]
        except Exception as error:
            raise self.damaged(blocks[0], str(error)) from error
        first = min(b.first for b in blocks)
        rows = {name: self._rows(group, variant, name, blocks) for name in self.variables}
        return [{n: a[b.first - first : b.stop - first] for n, a in rows.items()} for b in blocks]

    def _rows(self, group: Any, variant: str, name: str, blocks: Sequence[Block]) -> NDArray[Any]:
        """Rows from the first to the last of some blocks; no chunk of theirs may be missing, if there is any."""
        try:
            array = group[name]
            tail = ["0"] * (array.ndim - 1)
            for b in blocks if 0 not in array.shape[1:] else ():  # of no fire units there is nothing to store
                chunks = range(b.first // CHUNK, (b.stop - 1) // CHUNK + 1)
                if not all((self.path / DATA / variant / name / "c").joinpath(str(c), *tail).is_file() for c in chunks):
                    raise self.damaged(b, f"{name}: a file is missing")
            return np.asarray(array[min(b.first for b in blocks) : max(b.stop for b in blocks)])
        except Exception as error:
            raise self.damaged(blocks[0], f"{name}: {error}") from error

    def _events(self, block: Block) -> Arrays:
        """See :meth:`Blocks._events`."""
        try:
            group = zarr_frame.reading(self.path / DATA)[_log(block)]
            return {name: np.asarray(group[name][:]) for name in self.event_parts}
        except Exception as error:
            raise self.damaged(block, str(error)) from error

    def _put(self, block: Block, name: str, rows: NDArray[Any]) -> None:
        """Write rows; a chunk that cannot be read holds nothing that is finished, and is begun anew."""
        array = self._array(block.variant, name, block.stop)
        try:
            array[block.first : block.stop] = rows
        except Exception as error:
            if isinstance(error, OSError) and error.errno != errno.EIO:
                raise
            for c in range(block.first // CHUNK, (block.stop - 1) // CHUNK + 1):
                self._drop_unreadable(array, block.variant, name, c)
            array[block.first : block.stop] = rows

    def _drop_unreadable(self, array: Any, variant: str, name: str, chunk: int) -> None:
        try:
            array[chunk * CHUNK : (chunk + 1) * CHUNK]
        except Exception:
            (self.path / DATA / variant / name / "c").joinpath(str(chunk), *["0"] * (array.ndim - 1)).unlink(True)

    def _root(self) -> Any:
        """The store to write to, made if need be."""
        import zarr

        from kalkan.engine.store.staged import Staged

        self._staged = self._staged or Staged(self.path / DATA)
        return zarr.open_group(self._staged, mode="a", zarr_format=zarr_frame.ZARR_FORMAT)  # type: ignore[arg-type]

    def _array(self, variant: str, name: str, rows: int) -> Any:
        """The array of a variable, made if need be, with at least `rows` rows."""
        if (variant, name) not in self._arrays:
            wanted = max(int(self.run["replications"]), rows)
            found = zarr_frame.arrays(self._root(), variant, self.run["variants"][variant], self.variables, wanted)
            self._arrays |= {(variant, n): array for n, array in found.items()}
        array = self._arrays[variant, name]
        if array.shape[0] < rows:
            array.resize((rows, *array.shape[1:]))
        return array

    def _let_go(self) -> None:
        """Forget what is open and what waits to be written."""
        self._arrays.clear()
        self._appended.clear()
        self._staged = None


def _log(block: Block) -> str:
    return f"{block.variant}/events/block_{block.first:08d}"


def _full_chunks() -> contextlib.AbstractContextManager[Any]:
    """Write chunks of zeros too, so that a missing one is a fault and never a result."""
    import zarr

    made: Callable[..., contextlib.AbstractContextManager[Any]] = zarr.config.set
    return made({"array.write_empty_chunks": True})
