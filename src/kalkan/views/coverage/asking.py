"""``kalkan.coverage``: compute a scenario's coverage, show it, write it to a folder."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kalkan.cover.asking import ask
from kalkan.cover.coverage import Coverage, cover
from kalkan.cover.grid import CELLS
from kalkan.files import write_whole
from kalkan.scenario import ScenarioSource, load
from kalkan.scenario.checks.facts import facts_of
from kalkan.views.coverage.words import a, content, ratio_table, second_table
from kalkan.views.progress import told_to

CONTENT = "coverage.json"
Progress = Callable[[str], None]


class CoverageStudy:
    """What :func:`coverage` returns; prints as text.

    Attributes
    ----------
    answer : kalkan.cover.coverage.Coverage
        Every array, with its unit in its name.
    """

    def __init__(self, answer: Coverage) -> None:
        self.answer = answer

    def summary(self) -> dict[str, Any]:
        """The numbers as plain data."""
        return content(self.answer)

    def write(self, folder: str | Path, *, svg: bool = False, progress: Progress | bool | None = None) -> Path:
        """Write the page, pictures, rasters and GeoJSON into a folder; returns the page.

        Parameters
        ----------
        folder : path
            Made if it is not there; files of an older study are replaced.
        svg : bool
            Every picture also as SVG.
        """
        from kalkan.views.coverage.files import write_files
        from kalkan.views.coverage.page import write_page

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        tell = told_to(progress)
        tell("rasters and contours")
        files = write_files(self.answer, folder)
        tell("pictures and the page")
        files += write_page(self.answer, folder, svg)
        found = {**self.summary(), "files": [path.name for path in files]}
        text = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)
        write_whole(folder / CONTENT, text)
        return files[-1]

    @property
    def title(self) -> str:
        """What was computed, against what."""
        laydown = self.answer.laydown
        return f"{laydown.scenario.title} — coverage against {a(laydown.target.name)}"

    def _repr_html_(self) -> str:
        from kalkan.views.cells import framed, heading, paragraph, table
        from kalkan.views.coverage.page import pictures

        tables = [table(*ratio_table(self.answer)), table(*second_table(self.answer))]
        more = "Every picture, raster and contour: write(folder)."
        return framed([heading(self.title), *tables, *pictures(self.answer, 2), paragraph(more)])

    def __repr__(self) -> str:
        return "\n\n".join([self.title, _columns(*ratio_table(self.answer)), _columns(*second_table(self.answer))])


def coverage(
    scenario: ScenarioSource,
    *,
    target: str | None = None,
    heights: Sequence[str] = (),
    azimuths: Sequence[str] = (),
    heading: str | None = None,
    compare_mast: Sequence[str] = (),
    compare_site: Sequence[str] = (),
    compare_clutter: str | None = None,
    variant: str | None = None,
    compare_variant: str | None = None,
    cells: int = CELLS,
    stance: str | None = None,
    files: Sequence[str | Path] = (),
    progress: Progress | bool | None = None,
) -> CoverageStudy:
    """What each radar sees, and what each fire unit can reach, over the scenario's terrain.

    Parameters
    ----------
    scenario : path, table or Scenario
    target : str, optional
        Air vehicle of the catalogue; default the type of the first raid.
    heights : sequence of str
        Such as ``["50 m AGL", "10 km MSL"]``; default seven heights above ground, 10 m to 10 km.
    azimuths : sequence of str
        Such as ``["170 deg"]``, of vertical diagrams; default towards the first raid.
    heading : str, optional
        Such as ``"180 deg"``: also map how often targets on it could be engaged by the time of passing.
    compare_mast, compare_site : sequence of str
        ``["96l6e=40 m"]``, ``["west=41.9,33.8"]``: compare with another mast, or with a site moved.
    compare_clutter : str, optional
        Such as ``"15 m"``: compare with trees and buildings of that height on all land.
    variant, compare_variant : str, optional
        Look at this variant of the scenario instead of the file's own; compare with that one.
    cells : int
        Cells along each side of the maps.
    stance : str, optional
        Whose figures, in place of the scenario's stance.
    files : sequence of path
        More catalogue files.
    progress : callable or bool, optional
        Called with what is being worked on; default: it is printed on the error stream; False: nobody is told.

    Raises
    ------
    ProblemsError, TerrainError
        What is wrong with the file, the words or the terrain.
    """
    loaded = load(scenario, files=[Path(f) for f in files])
    loaded = loaded if stance is None else loaded.with_stances([stance])
    catalogue = loaded.catalogue
    radars_of = {name: facts.radars for name, facts in facts_of(catalogue).systems.items()}
    question = ask(
        loaded, catalogue, radars_of, target=target, heights=heights, azimuths=azimuths, heading=heading,
        masts=compare_mast, sites=compare_site, clutter=compare_clutter,
        variant=variant, versus=compare_variant, cells=cells,
    )  # fmt: skip
    variants = loaded.variants_resolved()
    chosen, versus = variants[variant or loaded.base], variants.get(compare_variant or "")
    return CoverageStudy(cover(chosen, catalogue, question, radars_of, told_to(progress), versus))


def _clear(folder: Path) -> None:
    """Remove the files that an older study wrote, and nothing else."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        for name in json.loads((folder / CONTENT).read_text(encoding="utf-8")).get("files", []):
            (folder / Path(name).name).unlink(missing_ok=True)


def _columns(header: list[str], rows: list[list[str]]) -> str:
    """Plain text columns, the first ones left, numbers right."""
    table = [header, *rows]
    widths = [max(len(r[i]) for r in table) for i in range(len(header))]
    return "\n".join(
        "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths, strict=True))).rstrip()
        for r in table
    )
