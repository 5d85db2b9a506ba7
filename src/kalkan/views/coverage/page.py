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
from typing import TYPE_CHECKING, Any

from kalkan.cover.coverage import Coverage
from kalkan.views.coverage import figures, reach_figures
from kalkan.views.coverage.sheet import STYLE
from kalkan.views.coverage.words import a, conditions, height_text, ratio_table, reach_table, share_text
from kalkan.views.maps.cartography import Base
from kalkan.views.steady import steady

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 130
TEMPLATE = Path(__file__).parent / "data" / "coverage.html.jinja"


def write_page(coverage: Coverage, folder: Path, svg: bool = False) -> list[Path]:
    """Draw every figure, write it as PNG (and SVG), and the page that holds them all, which comes last."""
    import jinja2
    import matplotlib as mpl

    shown, files = [], []
    with mpl.rc_context(STYLE):
        for name, heading, words, make in _figures(coverage):
            figure = make()
            png = _bytes(figure, "png")
            files.append(folder / f"{name}.png")
            files[-1].write_bytes(png)
            if svg:
                files.append(folder / f"{name}.svg")
                files[-1].write_bytes(_bytes(figure, "svg"))
            picture = f"data:image/png;base64,{base64.b64encode(png).decode()}"
            shown.append({"name": name, "heading": heading, "words": words, "picture": picture})
    template = jinja2.Environment(autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    page = folder / "coverage.html"
    page.write_text(template.render(figures=shown, **_facts(coverage)), encoding="utf-8")
    return [*files, page]


def pictures(coverage: Coverage, most: int) -> list[str]:
    """The first figures of the page as HTML for a notebook's cell."""
    import matplotlib as mpl

    made = []
    with mpl.rc_context(STYLE):
        for _, heading, words, make in itertools.islice(_figures(coverage), most):
            picture = base64.b64encode(_bytes(make(), "png")).decode()
            source = f'src="data:image/png;base64,{picture}" alt="{html.escape(heading)}" style="max-width: 100%"'
            made.append(f"<figure><img {source}><figcaption>{html.escape(words)}</figcaption></figure>")
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
        "reach": reach_table(coverage),
        "conditions": conditions(coverage),
        "inputs": [i for i in laydown.inputs if _is_shown(i)],
        "version": version("kalkan"),
        "identity": laydown.scenario.identity[:16],
        "speed": f"{laydown.target.speed_m_s:.0f} m/s",
    }


def _is_shown(row: dict[str, Any]) -> bool:
    return row["quantity"] in {
        "detection_range", "instrumented_range", "antenna_height", "elevation_min", "elevation_max", "rcs",
        "reference_p_d", "cruise_speed", "max_range", "reaction_time", "assessment_time", "min_target_altitude",
    }  # fmt: skip


Made = tuple[str, str, str, Callable[[], "Figure"]]


def _figures(coverage: Coverage) -> Iterator[Made]:
    """Name, heading, words and maker of each figure, in the page's order."""
    base = Base(coverage.grid)
    target = a(coverage.laydown.target.name)
    yield "bubble", "The circle and the coverage", (
        "The dashed circle is what is usually drawn: how far the radar equation alone would carry. Blue is where "
        "the horizon and the terrain let a radar use that range."
    ), lambda: figures.bubble(coverage, base)  # fmt: skip
    yield "floor", "How low is it seen?", (
        "Left above the ground, right above the sea. Where nothing is coloured nothing below 10 km is detected."
    ), lambda: figures.floors(coverage, base)  # fmt: skip
    yield "overlap", "How many radars see it?", (
        "All radars that detect the target at one height. Engagement radars look at one sector at a time; "
        "the maps show what they could see when turned there."
    ), lambda: figures.overlaps(coverage, base)  # fmt: skip
    yield "radars", "Radar by radar", (
        f"Floor of each radar against {target}, with its own nominal circle."
    ), lambda: figures.radar_floors(coverage, base)  # fmt: skip
    for i, one in enumerate(coverage.sections):
        degrees = math.degrees(one.azimuth_rad)
        yield f"section-{i + 1}", f"{one.radar} towards {degrees:.0f}°", (
            "Range and height over the effective earth, on which rays are straight."
        ), lambda one=one: figures.sections(coverage, one)  # type: ignore[misc]
    for u, of_unit in enumerate(coverage.reaches):
        yield f"reach-{u + 1}", f"What fire unit {of_unit[0].unit} can reach", (
            "Fly-out times, line of sight of the engagement radar from reaction to intercept, shoot-look-shoot. "
            "An upper bound: rounds and channels never run out here."
        ), lambda u=u: reach_figures.reaches(coverage, base, u)  # type: ignore[misc]
    if coverage.passes is not None:
        yield "passes", "Engaged by the time of passing", (
            "Targets on parallel tracks: how often fire units together could have engaged each by the time it "
            "passes a place."
        ), lambda: reach_figures.passing(coverage, base)  # fmt: skip
    if coverage.other is not None:
        yield "comparison", "As it stands, and altered", coverage.question.difference, (
            lambda: figures.comparison(coverage, base)
        )
