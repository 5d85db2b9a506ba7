"""What was computed before, by content: asked again, it is there; where it is kept on disk, in the next process too.

On disk an answer's name is a hash of the question and of all code that computes anything, of its libraries and of the
machine: it is never one that would not be given again. A file that is not what was written counts as absent.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from kalkan.caches import caches
from kalkan.files import checksum, content_of, whole
from kalkan.sources import code_identity

T = TypeVar("T")
MOST_NEW = 64  # answers of a kind that one process puts on disk: a study asks for thousands, each once
MOST_ON_DISK = 1000
FOLDER, ENDING = "answers", ".kept"
_SETTINGS = ("NUMBA_DISABLE_JIT", "KALKAN_PLAIN_JIT")


_ANEW = ContextVar("anew", default=False)


@contextlib.contextmanager
def anew() -> Iterator[None]:
    """Within it no answer is taken from disk: whoever compiles the programs that make answers needs them all."""
    token = _ANEW.set(True)
    try:
        yield
    finally:
        _ANEW.reset(token)


class OnDisk:
    """Answers to one kind of question in a folder of :mod:`kalkan.caches`.

    Parameters
    ----------
    kind : str
        Of the question.
    identity : callable
        Hash of all code on which an answer depends.
    """

    def __init__(self, kind: str, identity: Callable[[], str] = code_identity) -> None:
        self.kind = kind
        self._identity = identity
        self._left = MOST_NEW

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer to a question, whose `key` tells all by its `repr`; made, and kept, if it is not there."""
        place, kept = self._place(key), caches()
        for root in () if _ANEW.get() else kept.read:
            with contextlib.suppress(OSError):
                content = content_of(root / place)
                if content is not None:
                    _mark_used(root / place)
                    return cast(T, pickle.loads(content))
        made = make()
        if self._left > 0:
            self._left -= 1
            with contextlib.suppress(OSError):
                _write(kept.root / place, pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
        return made

    def _place(self, key: Hashable) -> Path:
        settings = [os.environ.get(name, "") for name in _SETTINGS]
        told = repr((self.kind, self._identity(), settings, key))
        return Path(FOLDER) / f"{self.kind}-{hashlib.sha256(told.encode()).hexdigest()[:32]}{ENDING}"


def _mark_used(path: Path) -> None:
    """Forgotten last."""
    with contextlib.suppress(OSError):
        os.utime(path)


def _write(path: Path, content: bytes) -> None:
    """Write an answer whole or not at all; of those in its folder the least used are forgotten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path, lasting=False) as stream:
        stream.write(checksum(content) + content)
    there = list(path.parent.glob(f"*{ENDING}"))
    if len(there) > MOST_ON_DISK:
        for old in sorted(there, key=lambda p: p.stat().st_mtime)[: len(there) - MOST_ON_DISK]:
            old.unlink(missing_ok=True)


def kept_on_disk(function: Callable[..., T]) -> Callable[..., T]:
    """A function of numbers and words alone that looks on disk for its answers."""
    answers = OnDisk(function.__name__.strip("_"))

    @functools.wraps(function)
    def asked(*arguments: Any) -> T:
        return answers.get(arguments, lambda: function(*arguments))

    return asked


class Kept(Generic[T]):
    """The last few results, kept by whoever owns this object; several threads may ask.

    Parameters
    ----------
    most : int
        Results that are kept; the one not asked for the longest is forgotten first.
    on_disk : str
        Kind of the results, if they are kept on disk as well; ``""``: they are not.
    """

    def __init__(self, most: int, on_disk: str = "") -> None:
        self._most = most
        self._on_disk = on_disk
        self._below = OnDisk(on_disk) if on_disk else None
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Kept[T]], tuple[int, str]]:
        """A copy, also one in another process, begins with nothing."""
        return (Kept, (self._most, self._on_disk))

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result under a key, made if it is not there."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = self._below.get(key, make) if self._below else make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made
