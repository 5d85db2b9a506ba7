"""The queue of a workspace on disk, so that what waits survives the server.

``out/.waiting.json`` holds what was asked for, as it was asked: whoever takes it up checks it as if it were asked
again. One server keeps it at a time; the queue of a second one on the same folder ends with it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from kalkan.apps.web.messages import Message
from kalkan.apps.web.workspace import Workspace
from kalkan.errors import KalkanError
from kalkan.files import write_whole

if TYPE_CHECKING:
    import filelock

FILE = "out/.waiting.json"
LARGEST_BYTES = 10_000_000


class AskedRun(Message):
    """A run or a study that waits."""

    study: Annotated[str, Field(max_length=40, description="The operation; empty: a plain run.")] = ""
    body: dict[str, Any]
    title: Annotated[str, Field(max_length=5000)] = ""
    begun: Annotated[bool, Field(description="It was at work, and its replications so far are kept.")] = False


ALL = TypeAdapter(list[AskedRun])


class Waiting:
    """The file of one workspace; where it cannot be had or written, nothing is kept and nothing fails."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock: filelock.BaseFileLock | None = None

    def read(self) -> list[AskedRun]:
        """What waited when the last server ended, the longest-waiting first."""
        file = self._file()
        if file is None or not file.is_file() or not self._is_ours(file):
            return []
        try:
            return ALL.validate_json(file.read_bytes()) if file.stat().st_size < LARGEST_BYTES else []
        except (OSError, ValidationError):
            return []

    def write(self, asked: Iterable[AskedRun]) -> None:
        """Keep this instead."""
        file, all_asked = self._file(), list(asked)
        if file is None or not (all_asked or file.exists()):
            return
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            if self._is_ours(file):
                write_whole(file, ALL.dump_json(all_asked).decode())

    def release(self) -> None:
        """Leave it to the next server."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _file(self) -> Path | None:
        folder, _, name = FILE.rpartition("/")
        try:
            return self._workspace.inside(folder) / name
        except KalkanError:
            return None

    def _is_ours(self, file: Path) -> bool:
        import filelock

        if self._lock is None:
            lock = filelock.FileLock(f"{file}.lock", timeout=0)
            try:
                lock.acquire()
            except (filelock.Timeout, OSError):
                return False
            self._lock = lock
        return True
