"""What every way of keeping finished blocks must do, whatever it keeps them in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kalkan.engine import ledger
from kalkan.engine.ledger import EVENT_PARTS, OF_RAIDS, Block
from kalkan.errors import DamagedError

Arrays: TypeAlias = "dict[str, NDArray[Any]]"


class Blocks(ABC):
    """Finished blocks of one results folder.

    Parameters
    ----------
    path : Path
        The folder.
    run : mapping
        Content of ``run.json``: sizes and names of each variant.

    Notes
    -----
    One writer at a time; readers may look on. Whoever implements this promises, and the fault tests try:

    - A block is finished when :meth:`commit` returns. From then on it survives a kill and a loss of power. Until then
      it may be lost, and nothing else may be: blocks that were finished before stay readable at every instant.
    - What is read is what was committed, or a ``DamagedError`` is raised, whatever has been done to the files.
    - What was damaged can be appended again after :meth:`mend`.
    - That a block is finished is taken back before its data are touched.
    """

    NAMES: ClassVar[tuple[str, ...]]  # of its files and folders in the results folder

    def __init__(self, path: Path, run: Mapping[str, Any]) -> None:
        self.path, self.run = path, run

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that the folder holds, but for event logs: those of the version that made it."""
        return tuple(self.run.get("variables", {}).get("dense", OF_RAIDS))

    @property
    def event_parts(self) -> tuple[str, ...]:
        """Arrays of an event log in the folder."""
        return tuple(self.run.get("variables", {}).get("events", EVENT_PARTS))

    @abstractmethod
    def finished(self, *, sound_only: bool = False) -> list[Block]:
        """Finished blocks, by variant and first replication; of two that overlap, the later one.

        Parameters
        ----------
        sound_only : bool
            Those that are known, where the list itself is damaged.

        Raises
        ------
        DamagedError
            The list itself is not what was written.
        """

    @abstractmethod
    def append(self, block: Block, dense: Mapping[str, NDArray[Any]], events: Arrays) -> None:
        """Take a block; it is finished with the next :meth:`commit`.

        Parameters
        ----------
        block : Block
            With its digests.
        dense : mapping of str to array
            :attr:`variables`, `block.n` rows each.
        events : dict
            :attr:`event_parts`: the logs one behind the other.

        Raises
        ------
        OSError
            The disk cannot be read or written; what was appended since the last commit is forgotten.
        """

    @abstractmethod
    def commit(self) -> None:
        """Bring what was appended to the disk: first all data, then that the blocks are finished.

        Raises
        ------
        OSError
            The disk is full, or cannot be written; what was appended since the last commit is forgotten.
        """

    @abstractmethod
    def _dense(self, variant: str, blocks: Sequence[Block]) -> list[Arrays]:
        """Every variable of each block, all of one variant, as it is found.

        Raises
        ------
        DamagedError
            Something is missing, or cannot be read.
        """

    @abstractmethod
    def _events(self, block: Block) -> Arrays:
        """Event logs of a block, as they are found.

        Raises
        ------
        DamagedError
            Something is missing, or cannot be read.
        """

    @abstractmethod
    def repair(self, variants: Sequence[str]) -> None:
        """Make good whatever can be without its data: lists and descriptions, by what the run is known to be."""

    @abstractmethod
    def forget(self, blocks: Sequence[Block]) -> None:
        """Blocks are finished no more; their data may be replaced."""

    @abstractmethod
    def clear(self) -> None:
        """Take everything away, first that anything is finished."""

    def dense(self, variant: str, blocks: Sequence[Block]) -> Arrays:
        """Rows of these blocks of a variant, one behind the other; every block compared with its digest.

        Raises
        ------
        DamagedError
            A block is missing or damaged.
        """
        found = self._dense(variant, blocks)
        for block, arrays in zip(blocks, found, strict=True):
            if ledger.digest(arrays, self.variables) != block.digest:
                raise self.damaged(block)
        if len(found) == 1:
            return found[0]
        return {name: np.concatenate([arrays[name] for arrays in found]) for name in self.variables}

    def events(self, block: Block) -> Arrays:
        """Event logs of a block, compared with their digest.

        Raises
        ------
        DamagedError
            They are missing or damaged.
        """
        found = self._events(block)
        if ledger.digest(found, self.event_parts) != block.events_digest:
            raise self.damaged(block)
        return found

    def unsound(self, blocks: Sequence[Block]) -> list[Block]:
        """Those of some blocks whose data, dense or events, do not match their digests."""
        lost = []
        for variant in dict.fromkeys(b.variant for b in blocks):
            mine = [b for b in blocks if b.variant == variant]
            whole = self._reads(variant, mine)
            lost += [b for b in mine if not ((whole or self._reads(variant, [b])) and self._logged(b))]
        return lost

    def mend(self, variants: Sequence[str]) -> list[Block]:
        """Make ready to write: what is damaged of these variants is repaired or forgotten; the blocks forgotten."""
        try:
            sound = not self.unsound(self._of(variants))
        except DamagedError:
            sound = False
        if sound:
            return []
        self.repair(variants)
        lost = self.unsound(self._of(variants))
        if lost:
            self.forget(lost)
        return lost

    def damaged(self, block: Block, detail: str = "data and checksum differ") -> DamagedError:
        """The error that a block is not what was appended."""
        return DamagedError(
            f'{self.path}: replications {block.first} to {block.stop - 1} of variant "{block.variant}" are '
            f"damaged ({detail}); the same kalkan run with --out {self.path} computes them again"
        )

    def _of(self, variants: Sequence[str]) -> list[Block]:
        return [b for b in self.finished() if b.variant in variants]

    def _reads(self, variant: str, blocks: Sequence[Block]) -> bool:
        try:
            self.dense(variant, blocks)
        except DamagedError:
            return False
        return True

    def _logged(self, block: Block) -> bool:
        try:
            self.events(block)
        except DamagedError:
            return False
        return True
