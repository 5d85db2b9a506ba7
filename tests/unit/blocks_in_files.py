"""A second way to keep blocks, as small as can be: one file per block, whose name says which, list and data in one.

The fault tests of ``test_blocks.py`` take it beside kalkan's own, so that they ask nothing that only Zarr could answer.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil

import numpy as np

from kalkan.engine.ledger import Block
from kalkan.engine.store import Blocks
from kalkan.errors import DamagedError
from kalkan.files import remove, sync_folder, write_whole

FOLDER, LIST = "blocks", "finished.json"


class FileBlocks(Blocks):
    """``blocks/VARIANT-FIRST.npz`` and a list of finished blocks with its own checksum."""

    NAMES = (LIST, FOLDER)

    def __init__(self, path, run):
        super().__init__(path, run)
        self.waiting = {}

    def finished(self, *, sound_only=False):
        try:
            head, body = (self.path / LIST).read_bytes().split(b"\n", 1)
            if head.decode() != hashlib.sha256(body).hexdigest():
                raise ValueError
            return [Block(*row) for row in json.loads(body)]
        except FileNotFoundError:
            return []
        except ValueError as error:
            if sound_only:
                return []
            raise DamagedError(f"{self.path / LIST} is damaged; the same kalkan run computes it again") from error

    def append(self, block, dense, events):
        stream = io.BytesIO()
        np.savez(stream, **dense, **{f"log-{name}": array for name, array in events.items()})
        self.waiting[block] = stream.getvalue()

    def commit(self):
        waiting, self.waiting = self.waiting, {}
        if not waiting:
            return
        (self.path / FOLDER).mkdir(exist_ok=True)
        sync_folder(self.path)
        for block, data in waiting.items():
            write_whole(self._file(block), data)
        self._list([*self.finished(), *waiting])

    def repair(self, variants):
        self._list(self.finished(sound_only=True))

    def forget(self, blocks):
        self._list([b for b in self.finished() if b not in blocks])

    def clear(self):
        remove(self.path / LIST)
        shutil.rmtree(self.path / FOLDER, ignore_errors=True)

    def _dense(self, variant, blocks):
        return [{name: self._read(b)[name] for name in self.variables} for b in blocks]

    def _events(self, block):
        found = self._read(block)
        return {name: found[f"log-{name}"] for name in self.event_parts}

    def _read(self, block):
        try:
            with np.load(self._file(block), allow_pickle=False) as found:
                return {name: found[name] for name in found.files}
        except Exception as error:
            raise self.damaged(block, str(error)) from error

    def _file(self, block):
        return self.path / FOLDER / f"{block.variant}-{block.first}.npz"

    def _list(self, blocks):
        body = json.dumps(sorted(blocks)).encode()
        write_whole(self.path / LIST, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
