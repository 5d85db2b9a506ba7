"""The widget itself; importing this needs anywidget."""

from __future__ import annotations

import math
from typing import Any

import anywidget
import traitlets

from kalkan.cover.redraw import Redraw
from kalkan.errors import KalkanError
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.fields import Altitude
from kalkan.views.coverage.picture import coverage_picture
from kalkan.views.replay.built import MODULE


class Replay(anywidget.AnyWidget):
    """A replay that shows itself in a notebook, with the clock in reach of Python.

    Parameters
    ----------
    scenario : Scenario
        Whose coverage the page may ask for.

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
        The replay document (:func:`kalkan.views.replay.document.replay_document`), JSON in gzip.
    """

    _esm = MODULE.read_text(encoding="utf-8")
    document_gz = traitlets.Bytes().tag(sync=True)
    end_s = traitlets.Float().tag(sync=True)
    time_s = traitlets.Float(None, allow_none=True).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    height_px = traitlets.Int(640, min=320, max=4000).tag(sync=True)

    def __init__(self, scenario: Scenario, **traits: Any) -> None:
        super().__init__(**traits)
        self._scenario, self._redraw = scenario, Redraw()
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, asked: dict[str, Any], _buffers: Any) -> None:
        """A look at the coverage that the page asks for: the picture, or why there is none."""
        look = asked.get("look") or {}
        try:
            height = Altitude(float(look["height_m"]), str(look["above"]))
            made = coverage_picture(self._scenario, look["shows"], look["target"], height, self._redraw)
            answer: dict[str, Any] = {"coverage": made}
        except KalkanError as error:
            answer = {"missing": str(error)}
        except (KeyError, TypeError, ValueError):
            answer = {"missing": "no such picture"}
        self.send({"id": asked.get("id"), **answer})

    @traitlets.validate("time_s")
    def _within(self, proposal: Any) -> float | None:
        """Keep the time on the time line."""
        value = proposal["value"]
        if value is None:
            return None
        if not math.isfinite(value):
            raise traitlets.TraitError(f"time_s = {value} must be a time in seconds, from 0 to {self.end_s:g}")
        return min(max(float(value), 0.0), self.end_s)
