"""Files whole or not at all: written beside their place, forced to disk, then renamed.

Whoever reads a file finds the old one or the new one, also after a kill, a full disk or a loss of power. An error of
the system names the file that it is about.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

N_CHECKSUM = 16  # bytes
_BEFORE, _AFTER = ".kalkan-", ".part"
_MODE = 0o666  # of a new file, before the user's mask


def write_whole(path: str | Path, content: str | bytes, *, new: bool = False) -> Path:
    """Write a file whole or not at all; text becomes UTF-8 and keeps its line ends.

    Parameters
    ----------
    path : path
    content : str or bytes
    new : bool
        Refuse to replace a file that is there.

    Raises
    ------
    FileExistsError
        It is there and should be new.
    OSError
        It cannot be written; what was there before is untouched.
    """
    with whole(path, new=new) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return Path(path)


@contextlib.contextmanager
def whole(path: str | Path, *, new: bool = False, lasting: bool = True) -> Iterator[BinaryIO]:
    """A stream whose content is a file's once the block has ended well; see :func:`write_whole`.

    Parameters
    ----------
    path : path
    new : bool
        Refuse to replace a file that is there.
    lasting : bool
        Force it to disk: not for what has a checksum and can be made again, which a loss of power may take.
    """
    path = Path(path)
    place = path.resolve() if path.is_symlink() else path
    with naming(path):
        mode = _mode_of(place)
        if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            with place.open("wb") as device:  # a terminal, a pipe: there is nothing to replace
                yield device
            return
        if new and mode is not None:
            raise FileExistsError(None, "is there already", str(path))
        part = part_of(place)
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _MODE), "wb") as file:
                yield file
                if lasting:
                    file.flush()
                    os.fsync(file.fileno())
            if mode is not None:
                part.chmod(stat.S_IMODE(mode))
            _put(part, place, new)
        finally:
            part.unlink(missing_ok=True)
        if lasting:
            sync_folder(place.parent)


_BINARY = getattr(os, "O_BINARY", 0)


def _mode_of(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _put(part: Path, place: Path, new: bool) -> None:
    """Give a finished file its name; of several that make a new one, one succeeds."""
    if not new:
        part.replace(place)
        return
    try:
        os.link(part, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        place.open("xb").close()
        part.replace(place)


@contextlib.contextmanager
def naming(path: str | Path) -> Iterator[None]:
    """Errors of the system name this file, and not the one beside it or none."""
    try:
        yield
    except OSError as error:
        told = str(error.filename or "")
        if told and not Path(told).name.startswith(_BEFORE):
            raise
        raise type(error)(error.errno, error.strerror or str(error), str(path)) from error


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no folders, and some network drives do not sync them
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(path: Path) -> None:
    """Take a file away, if it is there, for good."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def part_of(path: Path) -> Path:
    """A place beside a file's, where it can be written before it is renamed."""
    return path.with_name(f"{_BEFORE}{secrets.token_hex(6)}{_AFTER}")


def is_part(name: str) -> bool:
    """Whether a file is what a killed process left of one that it was writing."""
    return name.startswith(_BEFORE) and name.endswith(_AFTER)


def checksum(content: bytes | memoryview) -> bytes:
    """Checksum [16 bytes] of a file's content."""
    return hashlib.blake2b(content, digest_size=N_CHECKSUM).digest()


def content_of(path: str | Path) -> memoryview | None:
    """What is behind the checksum with which a file begins; None if it is not what was written."""
    whole = memoryview(Path(path).read_bytes())
    content = whole[N_CHECKSUM:]
    return content if whole[:N_CHECKSUM] == checksum(content) else None
