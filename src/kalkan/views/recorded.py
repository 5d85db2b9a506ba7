"""The map of one recorded replication: who flew where, and how it ended."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING

from kalkan.engine.recording import Recording
from kalkan.engine.store import Store
from kalkan.views.laydown import LaydownMap
from kalkan.views.report.figures.laydown_map import laydown_map
from kalkan.views.report.material import laydowns_of
from kalkan.views.report.style import COLOURS
from kalkan.views.report.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RAID, DEFENCE = COLOURS["raid"].light, COLOURS["defence"].light


def recorded_map(recording: Recording) -> str:
    """True paths over the laydown with kills and hits marked, as a figure of HTML.

    Raises
    ------
    KalkanError
        The scenario or its terrain is not where it was.
    """
    from kalkan.engine.again import variant_again

    scenario = variant_again(Store.open(recording.path), recording.variant)
    made = replace(laydowns_of({recording.variant: scenario})[0][0], routes=(), layers=[])

    def draw(figure: Figure) -> None:
        _paths(figure.add_subplot(), made, recording)

    killed = sum(t.outcome == "killed" for t in recording.threats)
    hits = sum(t.hit for t in recording.threats)
    caption = (
        f"True paths of {len(recording.threats)} threats; {killed} end at a cross, where they were killed. {hits} "
        "hit an asset; rings mark the assets hit. An aircraft that has released its weapons flies on. "
        "Triangles are fire units, diamonds assets; dashed rings are the nominal reach."
    )
    title = f"Replication {recording.replication} of {recording.label}"
    key = f"flown-{abs(hash((str(recording.path), recording.variant, recording.replication))):x}"
    picture = Drawing(key, title, caption, caption, draw, (4.6, 0.25 + 4.3 * made.box.height_to_width), None)
    return (
        f'<figure style="max-width: 38rem; margin: 1em 0">{picture.svg()}'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def _paths(ax: Axes, made: LaydownMap, recording: Recording) -> None:
    laydown_map(ax, made)
    for t in recording.threats:
        lat, lon, _ = t.motion.geodetic.T
        ax.plot(lon, lat, color=RAID, lw=0.8, alpha=0.75, zorder=5)
        if t.outcome == "killed":
            ax.plot(lon[-1:], lat[-1:], "x", ms=4.0, mec=DEFENCE, mew=1.1, zorder=7)
    hit = {recording.labels["asset"][t.aim] for t in recording.threats if t.hit}
    for p in made.assets:
        if p.name in hit:
            ax.plot([p.lon_deg], [p.lat_deg], "o", ms=13.0, mfc="none", mec=RAID, mew=1.6, zorder=9)
