"""Ctrl-C: the first one stops a command in good order, a second one at once; neither shows a traceback.

Python tells of a signal between two of its own instructions, which the compiler may not reach for seconds. A thread of
its own reads of each as it comes (``signal.set_wakeup_fd``), and ends the process at the second.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, NoReturn

INTERRUPTED = 130
_SIGNAL, _AGAIN = signal.SIGINT, 0  # bytes that the thread reads: of a signal, and of one that was lost
_AFTER_S, _PATIENCE_S = 0.05, 1.0


class _State:
    """What has come so far."""

    seen = False


def stop_at_once(*_: object) -> NoReturn:
    """End the process: nothing has begun yet, or everything is done."""
    _say(b"stopped\n")
    os._exit(INTERRUPTED)


def _say(words: bytes) -> None:
    with contextlib.suppress(OSError):
        os.write(2, words)


def seen() -> bool:
    """Whether a command has been asked to stop; whatever goes wrong after that comes of it."""
    return _State.seen


def _stop(*_: object) -> NoReturn:
    _State.seen = True
    raise KeyboardInterrupt


def install() -> None:
    """Take Ctrl-C from here on; outside of :func:`stoppable` it ends the process.

    When all is done it is ignored: Python gives the signal back as it leaves, and it would end a finished command as if
    it had been killed.
    """
    signal.signal(signal.SIGINT, stop_at_once)
    _ignore_at_the_end()


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Within it the first Ctrl-C raises `KeyboardInterrupt`, where :func:`install` was called."""
    if signal.getsignal(signal.SIGINT) is not stop_at_once:
        yield
        return
    _watch()
    signal.signal(signal.SIGINT, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, stop_at_once)


@functools.cache
def _ignore_at_the_end() -> None:
    """Ignore it after every other farewell: what was written down first is called last. Once in a process."""
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


@functools.cache
def _watch() -> None:
    """Begin to count, once in a process."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: signal.set_wakeup_fd(-1))
    threading.Thread(target=_count, args=(ours, theirs), name="ctrl-c", daemon=True).start()
    told = sys.unraisablehook

    def hook(lost: Any) -> None:
        """What Python cannot raise, as in a function that LLVM calls, comes again a moment later."""
        if issubclass(lost.exc_type, KeyboardInterrupt):
            theirs.send(bytes([_AGAIN]))
        else:
            told(lost)

    sys.unraisablehook = hook


def _count(ours: socket.socket, _theirs: socket.socket) -> None:
    """End the process at the second signal; the other end stays open as long as this one."""
    n_real, n_own = 0, 0
    while True:
        try:
            byte = ours.recv(1)
        except TimeoutError:
            ours.settimeout(None)
            _say(b"stopping; Ctrl-C once more stops at once\n")
            continue
        if byte[0] == _AGAIN:
            time.sleep(_AFTER_S)
            n_own += 1
            signal.raise_signal(signal.SIGINT)
        elif byte[0] == _SIGNAL and n_own:
            n_own -= 1
        elif byte[0] == _SIGNAL:
            n_real += 1
            if n_real > 1:
                stop_at_once()
            ours.settimeout(_PATIENCE_S)
