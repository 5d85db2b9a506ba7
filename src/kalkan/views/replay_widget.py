"""The widget itself; importing this needs anywidget."""

from __future__ import annotations

import math
from typing import Any

import anywidget
import traitlets

from kalkan.views.widget import MODULE


class Replay(anywidget.AnyWidget):
    """A replay that shows itself in a notebook, with the clock in reach of Python.

    Attributes
    ----------
    time_s : float or None
        Time of the replay [s], from 0 to ``end_s``; follows the clock and moves it. None: not shown yet.
    playing : bool
        Whether the clock runs; follows the button and presses it.
    height_px : int
        Height in the cell when it is shown [pixels]; a narrow cell, where the panel is below the map, may need more.
    end_s : float
        End of the time line [s].
    document_gz : bytes
        The replay document (:func:`kalkan.views.replay.replay_document`), JSON in gzip.
    """

    _esm = MODULE.read_text(encoding="utf-8")
    document_gz = traitlets.Bytes().tag(sync=True)
    end_s = traitlets.Float().tag(sync=True)
    time_s = traitlets.Float(None, allow_none=True).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    height_px = traitlets.Int(640, min=320, max=4000).tag(sync=True)

    @traitlets.validate("time_s")
    def _within(self, proposal: Any) -> float | None:
        """Keep the time on the time line."""
        value = proposal["value"]
        if value is None:
            return None
        if not math.isfinite(value):
            raise traitlets.TraitError(f"time_s = {value} must be a time in seconds, from 0 to {self.end_s:g}")
        return min(max(float(value), 0.0), self.end_s)
