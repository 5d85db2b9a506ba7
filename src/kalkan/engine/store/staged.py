"""A Zarr store whose writes wait in memory, then reach the disk together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from zarr.core.buffer import Buffer, BufferPrototype
from zarr.storage import LocalStore

from kalkan.files import naming, part_of, sync_folder

_AT_ONCE = 32  # files forced to disk at the same time


class Staged(LocalStore):
    """What is set is read back from memory until :meth:`commit`; nothing on the disk is half-written."""

    def __init__(self, root: Path | str, *, read_only: bool = False) -> None:
        super().__init__(root, read_only=read_only)
        self._waiting: dict[str, Buffer] = {}

    async def set(self, key: str, value: Buffer) -> None:
        """Keep a value until it is committed."""
        self._check_writable()
        self._waiting[key] = value

    async def set_if_not_exists(self, key: str, value: Buffer) -> None:
        """Keep a value, unless there is one."""
        if not await self.exists(key):
            await self.set(key, value)

    async def get(self, key: str, prototype: BufferPrototype | None = None, byte_range: Any = None) -> Buffer | None:
        """A value, as it waits or as it lies on the disk."""
        if key in self._waiting and byte_range is None:
            return self._waiting[key]
        found: Buffer | None = await super().get(key, prototype, byte_range)
        return found

    async def exists(self, key: str) -> bool:
        """Whether there is a value."""
        return key in self._waiting or await super().exists(key)

    async def delete(self, key: str) -> None:
        """Take a value away."""
        self._waiting.pop(key, None)
        await super().delete(key)

    async def delete_dir(self, prefix: str) -> None:
        """Take everything below a place away."""
        for key in [k for k in self._waiting if k.startswith(f"{prefix.rstrip('/')}/")]:
            del self._waiting[key]
        await super().delete_dir(prefix)

    def commit(self) -> None:
        """Write what waits; it has reached the disk when this returns.

        Raises
        ------
        OSError
            With the name of the file that could not be written; all is on the disk as it was before.
        """
        files = {self.root / key: value for key, value in self._waiting.items()}
        new = {folder for file in files for folder in self._not_there(file.parent)}
        for folder in sorted(new):
            folder.mkdir(exist_ok=True)
        parts = {part_of(file): file for file in files}
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(lambda part: _write(part, parts[part], files[parts[part]]), parts))
            for part, file in parts.items():
                with naming(file):
                    part.replace(file)
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(sync_folder, {f.parent for f in (*files, *new)}))
        self._waiting.clear()

    def _not_there(self, folder: Path) -> Iterator[Path]:
        while not folder.is_dir():
            yield folder
            folder = folder.parent


def _write(part: Path, file: Path, value: Buffer) -> None:
    with naming(file), part.open("xb") as stream:
        stream.write(value.to_bytes())
        stream.flush()
        os.fsync(stream.fileno())
