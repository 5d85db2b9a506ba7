"""Progress of a run on the error stream: a bar on a terminal, sparse lines anywhere else, also in a notebook."""

from __future__ import annotations

import contextlib
import functools
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from kalkan.engine.watch import Watcher

COMPILING = "compiling the engine, once per version: about a minute"
_FIRST_LINE_S, _LINE_EVERY_S = 3.0, 15.0
Handed = ParamSpec("Handed")
Found = TypeVar("Found")


class ProgressLines(Watcher):
    """A line now and then, for logs and pipes."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _FIRST_LINE_S
        self._earlier = 0
        self._foreseen_s: float | None = None

    def __enter__(self) -> ProgressLines:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def say(self, text: str) -> None:
        """One line on the error stream."""
        print(text, file=sys.stderr, flush=True)

    def compiling_engine(self) -> None:
        """Say what takes so long, and where it is kept if not where it should be."""
        from kalkan.caches import caches

        self.say(COMPILING)
        if told := caches().told:
            self.say(told)

    def stage(self, text: str) -> None:
        """One line: what the numbers to come are of."""
        self.say(text)

    def warning(self, text: str) -> None:
        """One line, whatever else is shown."""
        self.say(text)

    def started(self, kept: int, total: int) -> None:
        """Say what an earlier run has done."""
        self._earlier = kept
        if kept:
            self.say(f"{kept:,} of {total:,} replications were finished before")

    def foreseen(self, left_s: float) -> None:
        """Remember how long it will take."""
        self._foreseen_s = left_s

    def advanced(self, done: int, total: int, simulated_s: float, elapsed_s: float) -> None:
        """Say how far it is, now and then and at the end."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _LINE_EVERY_S
            left = f" · {self._left(done, total, elapsed_s)} left" if done < total else ""
            self.say(f"{done:,} of {total:,} replications · {rate(simulated_s, elapsed_s)}{left}")

    def _left(self, done: int, total: int, elapsed_s: float) -> str:
        """Time that is left: as foreseen, else if the rest goes as what was done."""
        so_far_s = left_s(done - self._earlier, total - done, elapsed_s)
        return _clock(so_far_s if self._foreseen_s is None else self._foreseen_s)


class ProgressBar(ProgressLines):
    """A bar with rate and time left, for a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None
        self._task: Any = None
        self._total = 0  # until it is known

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def say(self, text: str) -> None:
        """One line above the bar."""
        if self._bar is None:
            super().say(text)
        else:
            self._bar.console.print(text, highlight=False, markup=False)

    def preparing(self, label: str) -> None:
        """Show the bar's first words before the first block is done."""
        self._show(f"preparing {label}")

    def note(self, text: str) -> None:
        """Show what is being made."""
        self._show(text)

    def started(self, kept: int, total: int) -> None:
        """Remember how much there is to do."""
        super().started(kept, total)
        self._total = total
        if self._bar is not None:
            self._bar.update(self._task, total=total, completed=kept)

    def advanced(self, done: int, total: int, simulated_s: float, elapsed_s: float) -> None:
        """Move the bar."""
        self._show(f"{rate(simulated_s, elapsed_s)} · {self._left(done, total, elapsed_s)} left", done)

    def _show(self, words: str, done: int | None = None) -> None:
        if self._bar is None:
            self._start()
        self._bar.update(self._task, words=words, **({} if done is None else {"completed": done}))

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (BarColumn(30), MofNCompleteColumn(), TextColumn("{task.fields[words]}", markup=False))
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=self._total or None, completed=self._earlier, words="")
        self._bar.start()


class Silence(ProgressLines):
    """Says nothing."""

    def say(self, text: str) -> None:
        """Nothing."""


def watcher(quiet: bool) -> ProgressLines:
    """The one that fits the error stream."""
    if quiet:
        return Silence()
    return ProgressBar() if sys.stderr.isatty() else ProgressLines()


@contextlib.contextmanager
def shown(progress: Watcher | bool | None) -> Iterator[Watcher]:
    """Whoever is told: a watcher of one's own; True or None: bar or lines; False: nobody."""
    if isinstance(progress, Watcher):
        yield progress
        return
    with watcher(quiet=progress is False) as found:
        yield found


def told_to(progress: Callable[[str], None] | bool | None) -> Callable[[str], None]:
    """Whom single lines are told: a function of one's own; True or None: the error stream; False: nobody."""
    return progress if callable(progress) else (Silence() if progress is False else ProgressLines()).say


def watched(function: Callable[Handed, Found]) -> Callable[Handed, Found]:
    """A function of the façade whose `progress` is shown unless it is given or False."""

    @functools.wraps(function)
    def asked(*args: Handed.args, **others: Handed.kwargs) -> Found:
        given: Any = others.pop("progress", None)
        with shown(given) as watch:
            others["progress"] = watch
            return function(*args, **others)

    return asked


def left_s(done: int, left: int, elapsed_s: float) -> float:
    """Time that is left [s], if the rest goes as what was done."""
    return elapsed_s * left / max(done, 1)


def rate(simulated_s: float, elapsed_s: float) -> str:
    """``31,000 × real time``."""
    value = simulated_s / max(elapsed_s, 1e-9)
    digits = max(len(str(int(value))) - 2, 0)
    return f"{round(value, -digits):,.0f} × real time"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
