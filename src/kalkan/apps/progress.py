"""Progress of a run on the error stream: a bar on a terminal, sparse lines anywhere else."""

from __future__ import annotations

import sys
import time
from typing import Any

from kalkan.engine.watch import Watcher

COMPILING = "compiling the engine, once per version: about a minute"
_LINE_EVERY_S = 15.0


class ProgressLines(Watcher):
    """A line now and then, for logs and pipes."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __enter__(self) -> ProgressLines:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def say(self, text: str) -> None:
        """One line on the error stream."""
        print(text, file=sys.stderr, flush=True)

    def compiling_engine(self) -> None:
        """Say what takes so long."""
        self.say(COMPILING)

    def stage(self, text: str) -> None:
        """One line: what the numbers to come are of."""
        self.say(text)

    def warning(self, text: str) -> None:
        """One line, whatever else is shown."""
        self.say(text)

    def started(self, kept: int, total: int) -> None:
        """Say what an earlier run has done."""
        if kept:
            self.say(f"{kept:,} of {total:,} replications were finished before")

    def advanced(self, done: int, total: int, simulated_s: float, elapsed_s: float) -> None:
        """Say how far it is, now and then and at the end."""
        now = time.monotonic()
        if now - self._last >= _LINE_EVERY_S:
            self._last = now
            self.say(f"{done:,} of {total:,} replications · {rate(simulated_s, elapsed_s)}")


class ProgressBar(ProgressLines):
    """A bar with rate and time left, for a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None
        self._task: Any = None
        self._kept, self._total = 0, 0  # until it is known

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
        self._kept, self._total = kept, total
        if self._bar is not None:
            self._bar.update(self._task, total=total, completed=kept)

    def advanced(self, done: int, total: int, simulated_s: float, elapsed_s: float) -> None:
        """Move the bar."""
        left_s = elapsed_s * (total - done) / max(done - self._kept, 1)
        self._show(f"{rate(simulated_s, elapsed_s)} · {_clock(left_s)} left", done)

    def _show(self, words: str, done: int | None = None) -> None:
        if self._bar is None:
            self._start()
        self._bar.update(self._task, words=words, **({} if done is None else {"completed": done}))

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (BarColumn(30), MofNCompleteColumn(), TextColumn("{task.fields[words]}", markup=False))
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=self._total or None, completed=self._kept, words="")
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


def rate(simulated_s: float, elapsed_s: float) -> str:
    """``31,000 × real time``."""
    value = simulated_s / max(elapsed_s, 1e-9)
    digits = max(len(str(int(value))) - 2, 0)
    return f"{round(value, -digits):,.0f} × real time"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
