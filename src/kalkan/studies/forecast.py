"""What a study will cost: its size before it starts, and its time from its own first evaluations."""

from __future__ import annotations

import time

from kalkan.engine.watch import Watcher

PILOT = 4
"""Evaluations that the time is told from, behind the first, which may compile the engine and look at the terrain."""
_SHORT_S = 5.0  # what is left and shorter is not worth a line


class Forecast:
    """Tells a watcher how large a study is, and after a few evaluations how long the others will take.

    Parameters
    ----------
    watcher : Watcher
    evaluations : int
        Of the whole study, at most.
    n : int
        Replications of each.
    """

    def __init__(self, watcher: Watcher, evaluations: int, n: int) -> None:
        self.watcher, self.evaluations = watcher, evaluations
        self._done, self._made = 0, 0
        self._from_s, self._from_cpu_s = 0.0, 0.0
        watcher.stage(f"{evaluations:,} evaluations × {n:,} replications at most; each is kept, and none is made twice")

    def kept(self, evaluations: int) -> None:
        """So many were answered from before."""
        self._done += evaluations

    def made(self) -> None:
        """One more was simulated."""
        self._done, self._made = self._done + 1, self._made + 1
        if self._made == 1:
            self._from_s, self._from_cpu_s = time.perf_counter(), time.process_time()
        if self._made == 1 + PILOT:
            left = max(self.evaluations - self._done, 0) / PILOT
            left_s, cpu_s = (time.perf_counter() - self._from_s) * left, (time.process_time() - self._from_cpu_s) * left
            if left_s > _SHORT_S:
                told = f"about {span(left_s)} to go ({span(cpu_s)} of processor time)"
                self.watcher.stage(f"{told}, if the others are like the first {PILOT}; Ctrl-C loses nothing")


def span(seconds: float) -> str:
    """Two digits at most of a time: ``40 s``, ``7 min``, ``1.5 h``."""
    if seconds < 90.0:
        return f"{max(round(seconds, -1 if seconds >= 10.0 else 0), 1):.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 5400.0 else f"{seconds / 3600.0:.2g} h"
