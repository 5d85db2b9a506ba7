"""One recorded replication as a notebook shows it: what became of everything, and the map of who flew where."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from kalkan.earth.meridians import unwrapped
from kalkan.engine.recording import Recording
from kalkan.engine.store import Store
from kalkan.errors import KalkanError
from kalkan.views.cells import framed, heading, paragraph, table
from kalkan.views.maps.laydowns import LaydownMap
from kalkan.views.report.figures.laydown_map import laydown_map
from kalkan.views.report.material import laydowns_of
from kalkan.views.style import COLOURS
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RAID, DEFENCE = COLOURS["raid"].light, COLOURS["defence"].light


def recording_html(recording: Recording) -> str:
    """What became of every raid, what every fire unit did, and the map of what was flown."""
    raids = [_of_raid(recording, raid) for raid in dict.fromkeys(t.raid for t in recording.threats)]
    units = [_of_unit(recording, i, name) for i, name in enumerate(recording.labels["unit"])]
    confirmed = sum(t.confirmed_s == t.confirmed_s for t in recording.tracks)
    n_false = int((recording.plots.threat < 0).sum())
    return framed([
        heading(f"{recording.title} · {recording.label} · {recording.called}"),
        table(["raid", "flew", "killed", "leaked", "hits", "why they leaked"], raids),
        table(["fire unit", "interceptors", "kills", "misses", "target dead before", "found no target"], units),
        paragraph(f"{recording.plots.t_s.size:,} plots, {n_false:,} of them false; {len(recording.tracks):,} tracks, "
                  f"{confirmed:,} of them confirmed. kalkan.export writes it for other programs; "
                  f"kalkan.open_results(…).replay({_arguments(recording)}) plays it."),
        *_flown(recording),
    ])  # fmt: skip


def _arguments(recording: Recording) -> str:
    """What finds the recording again."""
    wave = f', wave="{recording.wave}"' if len(recording.waves) > 1 else ""
    return f'"{recording.variant}", {recording.replication}{wave}'


def _of_raid(recording: Recording, raid: str) -> list[str]:
    threats = [t for t in recording.threats if t.raid == raid]
    outcomes = Counter(t.outcome for t in threats)
    reasons = Counter(t.reason for t in threats if t.outcome == "leaked")
    why = ", ".join(f"{reason} {n}" for reason, n in reasons.most_common())
    counts = [len(threats), outcomes["killed"], outcomes["leaked"], sum(t.hit for t in threats)]
    return [raid, *map(str, counts), why or "–"]


def _of_unit(recording: Recording, unit: int, name: str) -> list[str]:
    """An interceptor that finds no target was one too many if its target had died before: the second of a salvo."""
    mine = [m for m in recording.missiles if m.unit == unit]
    outcomes = Counter(m.outcome for m in mine)
    empty = [m for m in mine if m.outcome == "found no target"]
    late = sum(m.aimed >= 0 and recording.threats[m.aimed].killed_s <= m.motion.t_s[-1] for m in empty)
    counts = [len(mine), outcomes["kill"], outcomes["miss"], late, len(empty) - late]
    return [name, *map(str, counts)]


def _flown(recording: Recording) -> list[str]:
    try:
        return [recorded_map(recording)]
    except KalkanError as error:
        return [paragraph(f"No map: {error}")]


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
    wave = f", {recording.wave}," if len(recording.waves) > 1 else ""
    title = f"Replication {recording.replication}{wave} of {recording.label}"
    key = f"flown-{abs(hash((str(recording.path), recording.variant, recording.replication, recording.wave))):x}"
    picture = Drawing(key, title, caption, caption, draw, (4.6, 0.25 + 4.3 * made.box.height_to_width), None)
    return (
        f'<figure style="max-width: 38rem; margin: 1em 0">{picture.svg()}'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def _paths(ax: Axes, made: LaydownMap, recording: Recording) -> None:
    laydown_map(ax, made)
    for t in recording.threats:
        lat, lon, _ = t.motion.geodetic.T
        lon = unwrapped(lon, made.box.middle[1])
        ax.plot(lon, lat, color=RAID, lw=0.8, alpha=0.75, zorder=5)
        if t.outcome == "killed":
            ax.plot(lon[-1:], lat[-1:], "x", ms=4.0, mec=DEFENCE, mew=1.1, zorder=7)
    hit = {recording.labels["asset"][t.aim] for t in recording.threats if t.hit}
    for p in made.assets:
        if p.name in hit:
            ax.plot([p.lon_deg], [p.lat_deg], "o", ms=13.0, mfc="none", mec=RAID, mew=1.6, zorder=9)
