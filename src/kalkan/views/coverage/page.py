"""The coverage page: one HTML file that needs nothing else, with the pictures inside, and the pictures beside it."""

from __future__ import annotations

import base64
import html
import io
import itertools
import math
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kalkan.cover.coverage import Coverage
from kalkan.cover.section import VerticalSection
from kalkan.files import write_whole
from kalkan.views.coverage import figures, footprint_figures, reach_figures
from kalkan.views.coverage.sheet import STYLE, Parts, Sheet
from kalkan.views.coverage.words import (
    a,
    conditions,
    footprint_table,
    height_text,
    ratio_table,
    reach_table,
    share_text,
)
from kalkan.views.maps.cartography import Base
from kalkan.views.steady import steady
from kalkan.views.style import DRESS, css_variables, drawing
from kalkan.views.svg import Drawing, shared_images

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 130
_CONDITIONS = ("band", "aspect", "rcs_m2")  # that are told
TEMPLATES = Path(__file__).parent / "data"


def write_page(coverage: Coverage, folder: Path, svg: bool = False) -> list[Path]:
    """Draw every figure, write it as PNG (and SVG), and the page that holds them all, which comes last."""
    import jinja2
    import matplotlib as mpl

    shown, files = [], []
    for one in _figures(coverage):
        with mpl.rc_context(STYLE):
            sheet = one.sheet()
            kinds = ("png", "svg") if svg else ("png",)
            for kind in kinds:
                files.append(folder / f"{one.name}.{kind}")
                write_whole(files[-1], _bytes(sheet, kind))
        maps, bar, facts = one.parts()
        shown.append({"one": one, "maps": maps, "bar": bar, "facts": facts})
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([TEMPLATES, DRESS]), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    dress = {"light": css_variables("light"), "dark": css_variables("dark")}
    text = environment.get_template("coverage.html.jinja").render(figures=shown, **dress, **_facts(coverage))
    page = folder / "coverage.html"
    write_whole(page, shared_images(text))
    return [*files, page]


def pictures(coverage: Coverage, most: int) -> list[str]:
    """The first figures of the page as HTML for a notebook's cell."""
    import matplotlib as mpl

    made = []
    with mpl.rc_context(STYLE):
        for one in itertools.islice(_figures(coverage), most):
            picture = base64.b64encode(_bytes(one.sheet(), "png")).decode()
            source = f'src="data:image/png;base64,{picture}" alt="{html.escape(one.heading)}" style="max-width: 100%"'
            made.append(f"<figure><img {source}><figcaption>{html.escape(one.words)}</figcaption></figure>")
    return made


def _bytes(figure: Figure, kind: str) -> bytes:
    stream = io.BytesIO()
    dated = {"Date": None} if kind == "svg" else {"Software": None}
    figure.savefig(stream, format=kind, dpi=DPI, metadata=dated)
    return steady(stream.getvalue().decode()).encode() if kind == "svg" else stream.getvalue()


def _facts(coverage: Coverage) -> dict[str, Any]:
    """What the template fills in."""
    laydown, total = coverage.laydown, coverage.radar_ratios[-1]
    return {
        "title": laydown.scenario.title,
        "target": a(laydown.target.name),
        "cards": [(share_text(s), height_text(h)) for s, h in zip(total.share, coverage.headline, strict=True)],
        "ratios": ratio_table(coverage),
        "altered": ratio_table(coverage.other) if coverage.other is not None else None,
        "change": coverage.question.difference,
        "reach": reach_table(coverage) if coverage.footprint is None else None,
        "footprint": None if coverage.footprint is None else footprint_table(coverage.footprint),
        "conditions": conditions(coverage),
        "inputs": [_input(row) for row in laydown.inputs if _is_shown(row)],
        "version": version("kalkan"),
        "identity": laydown.scenario.identity[:16],
        "speed": f"{laydown.target.speed_m_s:.0f} m/s",
    }


def _input(row: dict[str, Any]) -> list[str]:
    """What the figure is, its value, unit and claimant."""
    given = [f"{v} m²" if k == "rcs_m2" else str(v) for k, v in row["conditions"].items() if k in _CONDITIONS]
    value = f"{row['value']:.4g}" if isinstance(row["value"], int | float) else str(row["value"])
    return [" · ".join([row["entry"], row["quantity"].replace("_", " "), *given]), value, row["unit"], row["claimant"]]


def _is_shown(row: dict[str, Any]) -> bool:
    return row["quantity"] in {
        "detection_range", "instrumented_range", "antenna_height", "elevation_min", "elevation_max", "rcs",
        "reference_p_d", "cruise_speed", "max_range", "reaction_time", "assessment_time", "min_target_altitude",
    }  # fmt: skip


class Shown(NamedTuple):
    """One figure: as a sheet for a file of its own, and in parts for the page.

    Attributes
    ----------
    name, heading, words : str
    sheet : callable
        Draws the sheet; within ``STYLE``.
    parts : callable
        SVG of its maps, of its colour bar (or ``""``), and a sentence of facts.
    """

    name: str
    heading: str
    words: str
    sheet: Callable[[], Figure]
    parts: Callable[[], tuple[list[str], str, str]]


def _of_maps(name: str, heading: str, words: str, make: Callable[[type[Sheet]], Sheet]) -> Shown:
    """A figure of maps."""

    def parts() -> tuple[list[str], str, str]:
        with drawing():
            made = make(Parts)
            assert isinstance(made, Parts)
            return *made.drawn(name), made.facts

    return Shown(name, heading, words, lambda: make(Sheet).figure, parts)


def _of_section(coverage: Coverage, i: int, one: VerticalSection) -> Shown:
    """A vertical diagram."""
    heading = f"{one.radar} towards {math.degrees(one.azimuth_rad):.0f}°"
    words = "Range and height over the effective earth, on which rays are straight."

    def draw(figure: Figure) -> None:
        handles = figures.vertical(figure.add_subplot(), one)
        figure.legend(handles=handles, loc="outside upper left", ncols=3, fontsize=7.5, title_fontsize=7.5,
                      title="probability of detection", alignment="left", columnspacing=1.2)  # fmt: skip

    name = f"section-{i + 1}"
    drawn = Drawing(name, heading, f"{heading}. {figures.SECTION_NOTE}", "", draw, (7.4, 3.6), (3.7, 3.0))
    both = [f'<div class="{size}">{drawn.svg(size)}</div>' for size in ("wide", "narrow")]
    return Shown(name, heading, words, lambda: figures.sections(coverage, one),
                 lambda: (["".join(both)], "", figures.SECTION_NOTE.rstrip(".")))  # fmt: skip


def _figures(coverage: Coverage) -> Iterator[Shown]:
    """Each figure, in the page's order."""
    base = Base(coverage.grid)
    target = a(coverage.laydown.target.name)
    yield _of_maps("bubble", "The circle and the coverage", (
        "The dashed circle is what is usually drawn: how far the radar equation alone would carry. Blue is where "
        "the horizon and the terrain let a radar use that range."
    ), lambda make: figures.bubble(coverage, base, make))  # fmt: skip
    yield _of_maps("floor", "How low is it seen?", (
        "Once above the ground, once above the sea. Where nothing is coloured nothing below 10 km is detected."
    ), lambda make: figures.floors(coverage, base, make))  # fmt: skip
    yield _of_maps("overlap", "How many radars see it?", (
        "All radars that detect the target at one height. Engagement radars look at one sector at a time; "
        "the maps show what they could see when turned there, and of those that cannot turn their sector."
    ), lambda make: figures.overlaps(coverage, base, make))  # fmt: skip
    yield _of_maps("radars", "Radar by radar", (
        f"Floor of each radar against {target}, with its own nominal circle."
    ), lambda make: figures.radar_floors(coverage, base, make))  # fmt: skip
    for i, one in enumerate(coverage.sections):
        yield _of_section(coverage, i, one)
    for u, of_unit in enumerate(coverage.reaches):
        yield _of_maps(f"reach-{u + 1}", f"What fire unit {of_unit[0].unit} can reach", (
            "Fly-out times, line of sight of the engagement radar from reaction to intercept, shoot-look-shoot. "
            "An upper bound: rounds and channels never run out here."
        ), lambda make, u=u: reach_figures.reaches(coverage, base, u, make))  # type: ignore[misc]
    if coverage.footprint is not None:
        made = coverage.footprint
        yield _of_maps("footprint", "What can be defended", (
            "The set of aim points at which each fire unit can meet the missile before it hits, when it is launched "
            "from where the raid of the scenario comes from, at its elevation. An upper bound: rounds and channels "
            "never run out here. A wedge behind a battery is what passes above its radar's highest elevation."
        ), lambda make: footprint_figures.footprints(coverage, made, make))  # fmt: skip
    if coverage.passes is not None:
        yield _of_maps("passes", "Engaged by the time of passing", (
            "Targets on parallel tracks: how often fire units together could have engaged each by the time it "
            "passes a place."
        ), lambda make: reach_figures.passing(coverage, base, make))  # fmt: skip
    if coverage.other is not None:
        yield _of_maps("comparison", "As it stands, and altered", f"Altered: {coverage.question.difference}.",
                       lambda make: figures.comparison(coverage, base, make))  # fmt: skip
