"""Sight, detection or reach of a scenario as pictures for an interactive map, and which of them are worth a look."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.cover.redraw import REACH, SHOWN, Redraw
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.fields import Altitude
from kalkan.views.maps.ground import png

VIOLET = (104, 48, 190)  # neither the sea nor the sectors and rings of the defence
GROUND, SEA = "ground", "sea"
LIVE = [Altitude(h, GROUND) for h in (10.0, 50.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0)]
LIVE += [Altitude(h, SEA) for h in (1000.0, 3000.0, 6000.0, 10_000.0)]
PACKED = [Altitude(h, GROUND) for h in (50.0, 3000.0)]  # of every type in a page without a server
MOST_FLOWN = 2  # heights of a type's own routes in such a page


def coverage_picture(
    scenario: Scenario, shows: str, target: str, height: Altitude, redraw: Redraw | None = None
) -> dict[str, Any]:
    """:meth:`kalkan.cover.redraw.Redraw.picture`, painted; `redraw` has made those before.

    Returns
    -------
    dict
        JSON-ready: ``shows``, ``target``, ``height_m``, ``above`` (``"ground"`` or ``"sea"``), ``box`` [deg], ``png``
        (data URI: clear, or violet, deeper for more radars or fire units), ``area_km2`` of all together, and
        ``each``: name and ``area_km2``. Areas have three digits: a picture's grid knows them to some 1 %.
    """
    made = (redraw or Redraw()).picture(scenario, shows, target, height)
    image = "data:image/png;base64," + base64.b64encode(png(paint(made.count, len(made.names)))).decode()
    each = [{"name": name, "area_km2": _known(km2)} for name, km2 in zip(made.names, made.km2, strict=True)]
    return {
        "shows": shows, "target": target, "height_m": height.metres, "above": height.above,
        "box": [round(v, 6) for v in made.tile.box], "png": image, "area_km2": _known(made.together_km2), "each": each,
    }  # fmt: skip


def _known(km2: float) -> int:
    """An area with three digits."""
    return round(float(f"{km2:.3g}"))


def live_offer(scenario: Scenario) -> dict[str, Any]:
    """What may be asked of a server.

    Returns
    -------
    dict
        JSON-ready: ``targets`` (``id``, ``name``, and ``flies``: the first height of the raid that flies it, or
        None), the raids' first; ``heights`` (``height_m``, ``above``); ``pictures``, which is empty.
    """
    flown = flown_heights(scenario)
    others = [t for t in scenario.catalogue.flyers() if t not in flown]
    return {"targets": _targets(scenario, flown, others), "heights": _heights(scenario, LIVE), "pictures": []}


def packed_offer(scenario: Scenario, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """As :func:`live_offer`, with all pictures that a page without a server holds."""
    flown = flown_heights(scenario)
    pictures, looks, redraw = [], list(_packed(flown)), Redraw()
    for i, look in enumerate(looks, 1):
        progress(f"coverage: picture {i} of {len(looks)}")
        pictures.append(coverage_picture(scenario, *look, redraw))
    return {"targets": _targets(scenario, flown, []), "heights": _heights(scenario, PACKED), "pictures": pictures}


def flown_heights(scenario: Scenario) -> dict[str, list[Altitude]]:
    """Heights at which each type of the raids flies, in the order of the file."""
    found: dict[str, dict[Altitude, None]] = {}
    for raid in scenario.raids:
        found.setdefault(raid.type, {}).update({Altitude(w.altitude_m, w.above): None for w in raid.route})
    return {name: list(heights) for name, heights in found.items()}


def _packed(flown: dict[str, list[Altitude]]) -> Iterator[tuple[str, str, Altitude]]:
    """Sight at every height, which is the same for every target; the rest for each at its own and at common heights."""
    mine = {t: list(dict.fromkeys([*PACKED, *heights[:MOST_FLOWN]])) for t, heights in flown.items()}
    for height in dict.fromkeys(h for heights in mine.values() for h in heights):
        yield "sight", next(iter(flown)), height
    for target, heights in mine.items():
        for shows in (s for s in SHOWN if s != "sight"):
            level = bool(flown[target]) or shows != REACH  # what falls does so from every height
            yield from ((shows, target, height) for height in (heights if level else heights[:1]))


def _targets(scenario: Scenario, flown: dict[str, list[Altitude]], others: list[str]) -> list[dict[str, Any]]:
    return [
        {"id": t, "name": scenario.catalogue.entry(t).name, "flies": _told(flown[t][0]) if flown.get(t) else None}
        for t in [*flown, *others]
    ]


def _told(height: Altitude) -> dict[str, Any]:
    return {"height_m": height.metres, "above": height.above}


def _heights(scenario: Scenario, usual: list[Altitude]) -> list[dict[str, Any]]:
    """Usual heights and those of the raids, above ground first, from low to high."""
    flown = {h for heights in flown_heights(scenario).values() for h in heights}
    every = sorted({*usual, *flown}, key=lambda h: (h.above != GROUND, h.metres))
    return [_told(h) for h in every]


def paint(count: NDArray[Any], n: int) -> NDArray[np.uint8]:
    """Violet, deeper for more radars or fire units, with a firm edge."""
    seen = count > 0
    padded = np.pad(seen, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    alpha = np.where(seen, 36 + 60 * count / max(n, 1), 0)
    alpha = np.where(seen & ~inner, 150, alpha)
    colour = np.broadcast_to(np.array(VIOLET)[:, None, None], (3, *count.shape))
    return np.concatenate([colour, alpha[None]]).astype(np.uint8)


__all__ = ["REACH", "coverage_picture", "flown_heights", "live_offer", "packed_offer", "paint"]
