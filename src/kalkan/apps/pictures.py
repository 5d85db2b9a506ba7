"""Commands that show and hand over: coverage maps, replay, the app, exports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kalkan.apps import completing
from kalkan.apps.options import Catalogues, File, Folder, Json, OfWave, Quiet, Whose, a_folder, counted
from kalkan.apps.reporting import print_json, reporting


def coverage(
    file: File,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for page and maps; default out/ and the file's name.", callback=a_folder
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            metavar="TYPE", help="Air vehicle; default the first raid's type.", autocompletion=completing.vehicles
        ),
    ] = None,
    heights: Annotated[
        list[str] | None, typer.Option(metavar="H", help='Such as "50 m AGL, 10 km MSL"; may be repeated.')
    ] = None,
    azimuth: Annotated[
        list[str] | None, typer.Option(metavar="A", help='Of vertical diagrams, such as "170 deg"; may be repeated.')
    ] = None,
    heading: Annotated[
        str | None, typer.Option(metavar="A", help="Map engagements of targets that pass on this heading.")
    ] = None,
    compare_mast: Annotated[
        list[str] | None, typer.Option(metavar="RADAR=H", help='Such as "96l6e=40 m"; may be repeated.')
    ] = None,
    compare_site: Annotated[
        list[str] | None, typer.Option(metavar="SYSTEM=LAT,LON", help='Such as "west=41.9,33.8"; may be repeated.')
    ] = None,
    compare_clutter: Annotated[
        str | None, typer.Option(metavar="H", help='Trees and buildings on land, such as "15 m".')
    ] = None,
    variant: Annotated[
        str | None, typer.Option(metavar="NAME", help="Look at this variant; default the file's own.")
    ] = None,
    compare_variant: Annotated[
        str | None, typer.Option(metavar="NAME", help="Compare with this variant.")
    ] = None,
    cells: Annotated[int, counted(metavar="N", help="Cells along each side of the maps.")] = 640,
    stance: Whose = None,
    catalogue: Catalogues = None,
    svg: Annotated[bool, typer.Option("--svg", help="Pictures also as SVG.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Map what radars see and what fire units reach. Over the terrain, as a page and pictures."""
    with reporting(as_json):
        from kalkan.views.coverage.asking import coverage as cover

        def tell(text: str) -> None:
            if not quiet:
                print(text, file=sys.stderr, flush=True)

        split = [part.strip() for text in heights or () for part in text.split(",")]
        study = cover(
            file, target=target, heights=split, azimuths=azimuth or (), heading=heading,
            compare_mast=compare_mast or (), compare_site=compare_site or (), compare_clutter=compare_clutter,
            variant=variant, compare_variant=compare_variant, cells=cells, stance=stance, files=catalogue or (),
            progress=tell,
        )  # fmt: skip
        page = study.write(out or Path("out") / f"{file.stem}-coverage", svg=svg, progress=tell)
        if as_json:
            print_json({"page": str(page), **study.summary()})
            return
        print(f"{study!r}\n\npage: {page}")


def export(
    folder: Folder,
    to: Annotated[
        str,
        typer.Option(
            metavar="FORMAT", help="tacview, czml, kml, geojson, dis, asterix, parquet, csv or netcdf.",
            autocompletion=completing.formats,
        ),
    ],
    replication: Annotated[
        list[int] | None,
        typer.Option(metavar="I", help="Which one, from 0; may be repeated. Default a typical one; for tables: all."),
    ] = None,
    variant: Annotated[
        str | None, typer.Option(metavar="NAME", help="Default the first one; for tables: all.")
    ] = None,
    wave: OfWave = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="File to write, or folder; default DIR/exports.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="TIME", help="Date of time 0, ISO 8601; default 2026-01-01T00:00:00Z.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Send to a program on this machine instead (dis, asterix).")
    ] = False,
    speed: Annotated[
        float | None, typer.Option(metavar="X", help="With --live: simulated seconds per second; default 1.")
    ] = None,
    to_host: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="With --live: default 127.0.0.1 and the format's port.")
    ] = None,
) -> None:
    """Write a replication in another program's format. Tables take a whole run."""
    with reporting():
        from kalkan.apps.exporting import run_export

        run_export(folder, to, replication, variant, wave, out, start, live, speed, to_host)


def replay(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR|FILE", help="A results folder, or a scenario file, which is run first.",
            autocompletion=completing.scenarios,
        ),
    ],
    replication: Annotated[
        int | None, counted(metavar="I", help="Which one, from 0; default a typical one.")
    ] = None,
    variant: Annotated[str | None, typer.Option(metavar="NAME", help="Default the first one.")] = None,
    wave: OfWave = None,
    port: Annotated[int, counted(metavar="N", help="Default a free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say the address.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write one page that opens from disk instead.")
    ] = None,
) -> None:
    """Watch one replication of a run in the browser. Of a scenario file, a few are run first."""
    with reporting():
        from kalkan.apps.web.commands import run_first, run_replay

        if folder.is_file():
            folder = run_first(folder, replication, variant)
        run_replay(folder, replication, variant, wave, port, not no_browser, html)


def serve(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Workspace; default this folder.")] = Path(),
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; other than this machine, a token is wanted.")
    ] = "127.0.0.1",
    port: Annotated[int, counted(metavar="N", help="Default a free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say the address.")] = False,
) -> None:
    """Edit, run and compare scenarios in the browser."""
    with reporting():
        from kalkan.apps.web.commands import run_serve

        run_serve(folder, host, port, not no_browser)
