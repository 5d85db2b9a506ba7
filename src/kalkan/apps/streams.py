"""Output streams that take whatever is printed: neither a character that they lack nor their end stops a command.

A Windows console whose output is redirected, an old terminal or a log has a code page of a few hundred characters. What
is not in it is printed as what looks most like it ("−" as "-"), else by its number, as Python writes it. A stream that
was closed (``| head``) or is full takes no more; the command goes on to its end, which then says so.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import unicodedata
from typing import Any, TextIO

PYTHONS_OWN = ("strict", "surrogateescape", "backslashreplace")  # ways that nobody chose
CLOSED_PIPE, UNWRITTEN = 141, 2  # exit codes: as of a program that a closed pipe ends; as of any file not written
LOOK_ALIKE = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "→": "->", "←": "<-", "↗": "/", "×": "x", "·": ".", "…": "...",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "«": '"', "»": '"', "±": "+-", "≥": ">=", "≤": "<=", "≠": "!=",
    "≈": "~", "√": "sqrt", "÷": "/", "°": " deg", "§": "section ", "▶": ">", "▷": "+", "✗": "x", "✓": "v", "█": "#",
    "─": "-", "│": "|", "━": "-", "├": "|", "└": "`", "•": "*", "′": "'", "″": '"', "\u00a0": " ", "\u2009": " ",
    "\u202f": " ", "ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae",
    "Æ": "AE", "œ": "oe", "Œ": "OE", "₀": "0", "₁": "1", "₂": "2",
}  # fmt: skip
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True))


def alike(text: str, encoding: str) -> str:
    """Text as a code page can show it; digits that are raised stay so, since 10⁴ is not 104."""
    shown, was_raised = "", False
    for c in text:
        if not _fits(c, encoding) and c in RAISED:
            shown += RAISED[c] if was_raised else "^" + RAISED[c]
        else:
            shown += _alike(c, encoding)
        was_raised = c in RAISED
    return shown


def _alike(c: str, encoding: str) -> str:
    bare = "".join(b for b in unicodedata.normalize("NFKD", c) if not unicodedata.combining(b))
    letters = bare if unicodedata.category(c)[0] == "L" else ""
    for form in (c, LOOK_ALIKE.get(c, ""), letters):
        if form and _fits(form, encoding):
            return form
    return c.encode("ascii", "backslashreplace").decode()


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _way(encoding: str) -> str:
    """Name of the way in which characters that an encoding lacks are replaced, as a stream's ``errors``."""

    def replace(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        return alike(error.object[error.start : error.end], encoding), error.end

    name = f"kalkan-alike-{encoding}"
    codecs.register_error(name, replace)
    return name


class Output(io.FileIO):
    """The bytes of a stream; from the first that cannot be written on they are dropped, and `failed` says why."""

    def __init__(self, number: int, is_open: bool = True) -> None:
        super().__init__(number, "w", closefd=False)
        self.is_open = is_open
        self.failed: OSError | None = None

    def write(self, data: Any) -> int:
        """Write, or drop."""
        if self.failed is None:
            try:
                if not self.is_open:
                    raise OSError(errno.EBADF, "it is closed")
                return super().write(data)
            except BlockingIOError:
                raise
            except OSError as error:
                self.failed = error
        return memoryview(data).nbytes


def _taking_all(stream: TextIO | None, number: int) -> TextIO:
    """In place of a process's own stream, one that takes all; None is one that was closed before it began."""
    if stream is None:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, number)
        if null != number:
            os.close(null)
        return io.TextIOWrapper(io.BufferedWriter(Output(number, is_open=False)), "utf-8", _way("utf-8"))
    if not isinstance(stream, io.TextIOWrapper):  # somebody's own
        return stream
    errors = _way(stream.encoding) if stream.errors in PYTHONS_OWN else stream.errors
    if not isinstance(getattr(stream.buffer, "raw", stream.buffer), io.FileIO):  # a Windows console
        stream.reconfigure(errors=errors)
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(Output(number)), stream.encoding, errors,
        line_buffering=stream.line_buffering, write_through=stream.write_through,
    )  # fmt: skip


def install() -> None:
    """Put streams that take all in place of this process's own."""
    sys.stdout, sys.stderr = _taking_all(sys.stdout, 1), _taking_all(sys.stderr, 2)


def ended(code: int) -> int:
    """The exit code at the end of a command, after one sentence if not all that it printed was written."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    failed = getattr(getattr(getattr(sys.stdout, "buffer", None), "raw", None), "failed", None)
    if failed is None:
        return code
    if failed.errno == errno.EPIPE:
        print("the output was closed before its end", file=sys.stderr, flush=True)
        return code or CLOSED_PIPE
    print(f"the output cannot be written: {failed.strerror or failed}", file=sys.stderr, flush=True)
    return code or UNWRITTEN


def is_unicode(stream: TextIO) -> bool:
    """Whether a stream has every character."""
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")
