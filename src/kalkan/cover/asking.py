"""From a user's words to a question, with every mistake at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.catalogue import Catalogue
from kalkan.catalogue.kinds import BALLISTIC
from kalkan.cover.alter import Alteration, mast_names, site_names
from kalkan.cover.coverage import HEIGHTS, Question
from kalkan.cover.grid import CELLS
from kalkan.earth.geodesy import inverse
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.assets import CLUTTER
from kalkan.scenario.nouns.fields import Altitude, read_altitude
from kalkan.scenario.nouns.places import nearest, quoted
from kalkan.scenario.nouns.positions import read_position
from kalkan.scenario.nouns.quantities import Bounds, read_quantity

_ANGLE = Bounds(("angle",), '"170 deg"', high=2.0 * math.pi, high_text="360 deg")
_MAST = Bounds(("length",), '"24 m"', high=200.0, high_text="200 m", above_low=True)
MOST_CELLS = 4000


def ask(
    scenario: Scenario,
    catalogue: Catalogue,
    radars_of: dict[str, tuple[str, ...]],
    *,
    target: str | None = None,
    heights: Sequence[str] = (),
    azimuths: Sequence[str] = (),
    heading: str | None = None,
    masts: Sequence[str] = (),
    sites: Sequence[str] = (),
    clutter: str | None = None,
    variant: str | None = None,
    versus: str | None = None,
    cells: int = CELLS,
) -> Question:
    """A question from words.

    Parameters
    ----------
    target : str, optional
        Air vehicle; default the type of the scenario's first raid.
    heights : sequence of str
        Such as ``"50 m AGL"``; the reference is not optional.
    azimuths : sequence of str
        Such as ``"170 deg"``, of vertical diagrams; default towards the start of the first raid.
    heading : str, optional
        Of targets that pass.
    masts, sites : sequence of str
        ``"96l6e=40 m"``, ``"west/96l6e=40 m"``; ``"west=41.9,33.8"``, ``"west/1=41.9,33.8"``.
    clutter : str, optional
        Such as ``"15 m"``.
    variant, versus : str, optional
        Variants of the scenario: the one to look at, and one to compare with.
    cells : int
        Cells along each side of the maps.

    Raises
    ------
    ProblemsError
        With everything that is wrong.
    """
    found: list[Problem] = []
    whole = scenario
    scenario = scenario if variant is None else _variant(scenario, "--variant", variant, found)
    target = target_of(scenario, catalogue, target, "--target", found)
    wanted = tuple(h for t in heights if (h := _read("--heights", t, read_altitude, found)) is not None)
    angles = tuple(a for t in azimuths if (a := _angle("--azimuth", t, found)) is not None)
    if heading is not None and target in catalogue.ids(BALLISTIC):
        found.append(Problem("--heading", f"is for targets that fly level; {quoted(target)} falls at its aim"))
    heading_rad = None if heading is None else _angle("--heading", heading, found)
    change = Alteration(
        dict(_changes("--compare-mast", masts, mast_names(scenario, radars_of), _mast, found)),
        dict(_changes("--compare-site", sites, site_names(scenario), _site, found)),
        None if clutter is None else _read("--compare-clutter", clutter, lambda t: read_quantity(t, CLUTTER)[0], found),
    )
    if clutter is not None and scenario.terrain_path is None:
        found.append(Problem("--compare-clutter", "needs a terrain: a flat earth is sea, on which nothing stands"))
    if versus is not None:
        _variant(whole, "--compare-variant", versus, found)
    if not 16 <= cells <= MOST_CELLS:
        found.append(Problem("--cells", f"= {cells} must be between 16 and {MOST_CELLS}"))
    if found:
        raise ProblemsError(found)
    if not angles:
        angles = (_towards_first_raid(scenario),)
    ordered = tuple(sorted(dict.fromkeys(wanted), key=lambda h: (h.above, h.metres)))
    return Question(target, ordered or HEIGHTS, angles, heading_rad, change, versus or "", cells)


def target_of(scenario: Scenario, catalogue: Catalogue, name: str | None, where: str, found: list[Problem]) -> str:
    """An air vehicle by its name, default the first raid's; a problem more if there is none of that name."""
    kinds = catalogue.flyers()
    target = name or scenario.raids[0].type
    if target not in kinds:
        near = nearest(target, kinds, show_all=12, also=catalogue.spellings())
        found.append(Problem(where, f"= {quoted(target)} is not an air vehicle of the catalogue{near}"))
    elif catalogue.entry(target).kind == BALLISTIC and all(r.type != target for r in scenario.raids):
        message = f"= {quoted(target)} needs a [[raids]] of that type, which says from where it is launched"
        found.append(Problem(where, message))
    return target


def _variant(scenario: Scenario, where: str, name: str, found: list[Problem]) -> Scenario:
    """A variant by its name; the scenario itself, and a problem, if there is none of that name."""
    variants = scenario.variants_resolved()
    if name not in variants:
        found.append(Problem(where, f"= {quoted(name)} is not a variant of the scenario{nearest(name, variants)}"))
    return variants.get(name, scenario)


def _towards_first_raid(scenario: Scenario) -> float:
    """Azimuth [rad] from the first system to where the first raid starts, to a whole degree."""
    here, there = scenario.systems[0].position, scenario.raids[0].waypoints[0].position
    azimuth, _ = inverse(*(math.radians(v) for v in (*here, *there)))
    return math.radians(round(math.degrees(float(azimuth))) % 360)


def _read(where: str, text: str, reader: Any, found: list[Problem]) -> Any:
    """What a reader makes of a text, or None and a problem."""
    try:
        return reader(text)
    except PydanticCustomError as error:
        found.append(Problem(where, f"= {quoted(text)} {error.message()}"))
        return None


def _angle(where: str, text: str, found: list[Problem]) -> float | None:
    value = _read(where, text, lambda t: read_quantity(t, _ANGLE)[0], found)
    return None if value is None else float(value)


def _mast(text: str) -> float:
    return read_quantity(text, _MAST)[0]


def _site(text: str) -> tuple[float, float]:
    try:
        numbers: list[float] = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    return read_position(numbers)


def _changes(
    where: str, texts: Sequence[str], known: list[str], reader: Any, found: list[Problem]
) -> Iterable[tuple[str, Any]]:
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals:
            found.append(Problem(where, f"= {quoted(text)} must be a name, = and a value; names: {', '.join(known)}"))
            continue
        if name not in known:
            near = nearest(name, known, show_all=12)
            found.append(Problem(where, f"= {quoted(text)}: {quoted(name)} is not here{near}"))
        read = _read(where, text, lambda _, value=value: reader(value.strip()), found)
        if name in known and read is not None:
            yield name, read


__all__ = ["Altitude", "ask", "target_of"]
