"""Where kalkan keeps what it may make again, machine code and horizon tables, and where it looks for it.

One folder is written: the user's cache folder, or the one that ``KALKAN_CACHE_DIR`` names. A folder that cannot be
written, in a container or shared by a cluster, is read as it is, and what is not in it is kept in a temporary folder
of this user's, which later processes find again.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import getpass
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import platformdirs

from kalkan.errors import KalkanError

NAMED_BY, MATPLOTLIBS = "KALKAN_CACHE_DIR", "MPLCONFIGDIR"


class Caches(NamedTuple):
    """Folders of what may be made again.

    Attributes
    ----------
    root : Path
        Where new things are kept.
    read : tuple of Path
        Where things are looked for, in this order; `root` is one of them.
    is_written : bool
        False: nothing new can be kept anywhere.
    told : str
        What the user should know of it, or ``""``.
    """

    root: Path
    read: tuple[Path, ...]
    is_written: bool = True
    told: str = ""


def caches() -> Caches:
    """The folders of this process.

    Raises
    ------
    KalkanError
        There is none to be read, and none can be made.
    """
    return _caches(os.environ.get(NAMED_BY) or platformdirs.user_cache_dir("kalkan"))


def cache_root() -> Path:
    """Folder in which new things are kept."""
    return caches().root


@functools.cache
def _caches(chosen: str) -> Caches:
    folder = Path(chosen)
    hindrance = _hindrance(folder)
    if not hindrance:
        return Caches(folder, (folder,))
    words = f"the cache folder {folder} cannot be written ({hindrance})"
    remedy = f"{NAMED_BY} names another folder"
    if temporary := _temporary():
        told = f"{words}: what is not in it is kept in {temporary}; {remedy}"
        return Caches(temporary, (folder, temporary), told=told)
    if folder.is_dir():
        return Caches(folder, (folder,), False, f"{words}, nor a temporary one: nothing is kept; {remedy}")
    raise KalkanError(f"{words}, nor a temporary one; let {NAMED_BY} name a folder that can be")


def matplotlib_has_a_folder() -> None:
    """Give matplotlib a folder of kalkan's where it could write none of its own; else it says so in every process."""
    with contextlib.suppress(RuntimeError):  # nobody knows this user's home
        theirs = platformdirs.user_config_dir("matplotlib") if sys.platform == "linux" else Path.home() / ".matplotlib"
        if os.environ.get(MATPLOTLIBS) or not _hindrance(Path(theirs)):
            return
        if folder := _kept_for_matplotlib() or _of_this_process():
            os.environ[MATPLOTLIBS] = folder


def _kept_for_matplotlib() -> str:
    with contextlib.suppress(KalkanError):  # there is no folder at all
        return str(cache_root() / "matplotlib") if caches().is_written else ""
    return ""


def _of_this_process() -> str:
    """A folder that goes with this process: a temporary one, else one in memory; ``""``: there can be none."""
    for above in (None, "/dev/shm"):
        with contextlib.suppress(OSError):
            folder = tempfile.mkdtemp(prefix="kalkan-", dir=above)
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            return folder
    return ""


def _hindrance(folder: Path) -> str:
    """Why nothing can be written into a folder, made if need be; ``""`` if it can."""
    if str(folder).startswith("~"):  # nobody knows this user's home
        return "this user has no home folder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _temporary() -> Path | None:
    """A folder of this user's alone, since machine code in it is run; None if there can be none."""
    try:
        who = str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()
        folder = Path(tempfile.gettempdir()) / f"kalkan-{who}"
        folder.mkdir(mode=0o700, exist_ok=True)
        about = folder.lstat()
    except (OSError, KeyError):
        return None
    theirs = hasattr(os, "getuid") and (about.st_uid != os.getuid() or bool(about.st_mode & 0o022))
    return None if theirs or not stat.S_ISDIR(about.st_mode) or _hindrance(folder) else folder
