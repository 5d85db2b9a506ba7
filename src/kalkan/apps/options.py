"""Options that commands share."""

from __future__ import annotations

import shlex
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from kalkan.apps import completing

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A scenario file (TOML).", autocompletion=completing.scenarios)
]


def of_a_run(path: Path) -> Path:
    """The path, unless it is a file: then where the results of a scenario are, or would be."""
    if path.is_file():
        name = shlex.quote(str(path))
        made = f"its results are in {Path('out') / path.stem}, if it was run: kalkan run {name}"
        told = f"; {made}" if path.suffix == ".toml" else ""
        raise typer.BadParameter(f"{path} is a file, not the results folder of a run{told}")
    return path


MOST_DIGITS = 30  # of a number on the command line


def whole_number(written: str | int) -> int:
    """A whole number as people write it: ``1000``, ``1_000`` or ``1e3``."""
    try:
        number = Decimal(str(written).strip())
        if number.is_finite() and number.adjusted() < MOST_DIGITS and number == int(number):
            return int(number)
    except ArithmeticError:
        pass
    raise typer.BadParameter(f'"{written}" is not a whole number, such as 1000 or 1e3')


def counted(*words: str, **about: Any) -> Any:
    """An option whose value is a whole number."""
    return typer.Option(*words, parser=whole_number, **about)


FILES = (".pdf", ".html", ".htm", ".txt", ".csv", ".json", ".toml", ".png", ".svg", ".zip", ".zarr", ".nc", ".parquet")
"""Endings of files that somebody may hope for where kalkan writes a folder."""


def a_folder(out: Path | None) -> Path | None:
    """The path of a folder to be written, unless it is called as a file would be."""
    if out is not None and out.suffix.lower() in FILES and not out.is_dir():
        raise typer.BadParameter(f"{out} is called as a file; tables, pictures and pages are written into a folder")
    return out


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A results folder.", callback=of_a_run)]
Json = Annotated[bool, typer.Option("--json", help="Print the same content as JSON.")]
Ranges = Annotated[
    bool, typer.Option("--ranges", help="Where raids are seen, tracked, shot at and met, with antennas and horizons.")
]
Missiles = Annotated[bool, typer.Option("--missiles", help="Interceptors, engagements, money and hits on each asset.")]
Waves = Annotated[bool, typer.Option("--waves", help="A campaign wave by wave: what was ready, left and kept.")]
Everything = Annotated[bool, typer.Option("--all", help="Every table.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the error stream.")]
Catalogues = Annotated[
    list[Path] | None, typer.Option("--catalogue", metavar="FILE", help="Another catalogue file; may be repeated.")
]
# of studies
Seed = Annotated[int | None, counted("--seed", metavar="S", help="Seed; default the file's.")]
Threads = Annotated[int | None, counted("--threads", metavar="N", help="Threads; default all processors.")]
Variants = Annotated[
    list[str] | None, typer.Option("--variant", metavar="NAME", help="This variant only; may be repeated.")
]
Whose = Annotated[
    str | None,
    typer.Option(
        "--stance", metavar="WHOSE", help="Whose figures; default the file's.", autocompletion=completing.stances
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Folder of the study; default out/ and the file's name.", callback=a_folder
    ),
]
Of = Annotated[
    str, typer.Option("--of", metavar="MEASURE", help='Such as leakers, p_no_leaker or "leakers difference".')
]
# of a run
Replications = Annotated[
    int | None, counted("--replications", metavar="N", help="Replications per variant; default the file's.")
]
OfWave = Annotated[
    str | None, typer.Option("--wave", metavar="NAME", help="Of a campaign; default the first one.")
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="GOAL",
        help='Go on until "leakers ± 0.2" or "leakers difference ± 0.3"; N is then the most.',
    ),
]
Stances = Annotated[
    str | None,
    typer.Option(
        "--stance", metavar="WHOSE", autocompletion=completing.stances,
        help="Whose figures; several, with commas, are run side by side; sampled: everyone's.",
    ),
]
ResultsFolder = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Results folder; default out/ and the file's name.", callback=a_folder
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an older run in the folder.")]
WithReport = Annotated[bool, typer.Option("--report/--no-report", help="Write report.html into the results folder.")]
Disputed = Annotated[
    bool,
    typer.Option(
        "--unknown/--no-unknown",
        help="Draw the disputed claims as well, for half of the run's processor time at most.",
    ),
]
Draws = Annotated[
    int | None,
    counted("--draws", metavar="K", help="Draw the disputed claims K times, whatever the time."),
]
