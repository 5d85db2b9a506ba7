"""The command line. Every import that costs time is inside the command that needs it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kalkan.apps import studies
from kalkan.apps.reporting import INTERRUPTED, print_json, reporting
from kalkan.apps.screen import screen

app = typer.Typer(
    name="kalkan",
    help="The open, fast, honest simulator of ground-based air defence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Json = Annotated[bool, typer.Option("--json", help="Print the same content as JSON.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file (TOML).")]
Catalogues = Annotated[
    list[Path] | None,
    typer.Option("--catalogue", metavar="FILE", help="Another catalogue file; may be repeated."),
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A results folder.")]


@app.command()
def run(
    file: File,
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="Replications per variant; default the file's.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="S", help="Seed; default the file's.")] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", help="Threads; default all processors.")] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="GOAL", help='Go on until "leakers ± 0.2" or "leakers difference ± 0.3"; N is then the most.'
        ),
    ] = None,
    variant: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Run this variant only; may be repeated.")
    ] = None,
    stance: Annotated[
        str | None,
        typer.Option(
            metavar="WHOSE", help="Whose figures; several, with commas, are run side by side; sampled: everyone's."
        ),
    ] = None,
    catalogue: Catalogues = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Results folder; default out/ and the file's name.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an older run in the folder.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Write report.html into the results folder.")
    ] = True,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the error stream.")] = False,
) -> None:
    """Simulate a scenario and print the answer; go on where a stopped run left off."""
    if stance is not None and stance.strip() == studies.SAMPLED:
        studies.run_sampled(
            file, {"--until": until, "--overwrite": overwrite, "--no-report": not report},
            replications=replications, seed=seed, threads=threads, variant=variant, catalogue=catalogue, out=out,
            as_json=as_json, quiet=quiet,
        )  # fmt: skip
        return
    with reporting(as_json):
        from kalkan.apps.progress import watcher
        from kalkan.engine.watch import Interrupted
        from kalkan.results.until import run_or_until
        from kalkan.scenario import load

        folder = Path("out") / file.stem if out is None else out
        scenario = load(file, files=catalogue or ())
        if stance is not None:
            scenario = scenario.with_stances(stance.split(","))
        try:
            with watcher(quiet) as watch:
                wanted = run_or_until(
                    scenario,
                    until,
                    replications=replications,
                    seed=seed,
                    threads=threads,
                    variants=variant,
                    out=folder,
                    overwrite=overwrite,
                    progress=watch,
                )
        except Interrupted as stopped:
            options: list[tuple[str, Any]] = [("--replications", replications), ("--seed", seed)]
            options += [("--threads", threads), ("--stance", stance), ("--until", until)]
            options += [("--catalogue", f) for f in catalogue or ()]
            words = [str(w) for name, value in options if value is not None for w in (name, value)]
            words += [w for name in variant or () for w in ("--variant", name)]
            again = shlex.join(["kalkan", "run", str(file), *words, "--out", str(folder)])
            kept = f"kept {stopped.kept:,} of {stopped.total:,} replications"
            print(f"{kept}; to go on: {again}", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        _show(folder, as_json, report, variants=variant, replications=wanted)


@app.command()
def show(folder: Folder, as_json: Json = False) -> None:
    """Print the table of a run again."""
    with reporting(as_json):
        _show(folder, as_json)


@app.command()
def report(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; default report.html in the folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a run's report: one HTML file that opens without a network and prints."""
    with reporting(as_json):
        path = _write_report(folder, out)
        if as_json:
            print_json({"report": str(path), "bytes": path.stat().st_size})
        else:
            print(f"report: {path}")


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="DIR", help="Results folder of a run.")],
    second: Annotated[Path, typer.Argument(metavar="DIR", help="Results folder of another run.")],
    as_json: Json = False,
) -> None:
    """Compare two runs: second minus first, paired by replication if their seeds are equal."""
    with reporting(as_json):
        from kalkan.views.notebook import compare as compare_runs

        _print_tables(compare_runs(first, second).summary(), as_json)


@app.command()
def export(
    folder: Folder,
    to: Annotated[
        str, typer.Option(metavar="FORMAT", help="tacview, czml, kml, geojson, dis, asterix, parquet or netcdf.")
    ],
    replication: Annotated[
        list[int] | None,
        typer.Option(metavar="I", help="Which one, from 0; may be repeated. Default 0; for tables: all."),
    ] = None,
    variant: Annotated[
        str | None, typer.Option(metavar="NAME", help="Default the first one; for tables: all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="File to write; default in DIR/exports.")
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
    """Write a replication, or a whole run, in another program's format."""
    with reporting():
        from kalkan.apps.exporting import run_export

        run_export(folder, to, replication, variant, out, start, live, speed, to_host)


@app.command()
def check(file: File, catalogue: Catalogues = None, as_json: Json = False) -> None:
    """Say everything that is wrong with a scenario file."""
    with reporting(as_json):
        from kalkan.scenario import load

        scenario = load(file, files=catalogue or ())
        if as_json:
            print_json({"problems": []})
            return
        variants, threats = scenario.variants_resolved(), sum(r.count for r in scenario.raids)
        print(
            f"{file}: no problems · variants: {', '.join(variants)} · {threats} threats · "
            f"{scenario.study.replications:,} replications each"
        )


@app.command()
def explain(
    path: Annotated[
        str,
        typer.Argument(metavar="PATH", help="Such as s-400, 91n6e.scan_period, or the folder of a run."),
    ],
    stance: Annotated[
        str | None, typer.Option(metavar="WHOSE", help="Say which claim this stance takes.")
    ] = None,
    catalogue: Catalogues = None,
    as_json: Json = False,
) -> None:
    """Say who claims what, and which claim is used; of a finished run, which claims were."""
    with reporting(as_json):
        from kalkan.views.facade import explain as explain_path

        explanation = explain_path(path, stance=stance, files=catalogue or ())
        if as_json:
            print_json(explanation)
        else:
            screen().print(explanation.view())


@app.command()
def timeline(
    subject: Annotated[
        str, typer.Argument(metavar="WORD", help="Only statements about this, such as second_batch.")
    ] = "",
    catalogue: Catalogues = None,
    as_json: Json = False,
) -> None:
    """Print who said what about the deal, by date, contradictions marked."""
    with reporting(as_json):
        from kalkan.views.facade import timeline as statements

        found = statements(subject, files=catalogue or ())
        if as_json:
            print_json(found)
        else:
            screen().print(found.view())


@app.command()
def coverage(
    file: File,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for page and maps; default out/ and the file's name.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="TYPE", help="Air vehicle; default the first raid's type.")
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
    cells: Annotated[int, typer.Option(metavar="N", help="Cells along each side of the maps.")] = 640,
    svg: Annotated[bool, typer.Option("--svg", help="Pictures also as SVG.")] = False,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the error stream.")] = False,
) -> None:
    """Map what each radar sees and what each fire unit can reach, over the terrain."""
    with reporting(as_json):
        from kalkan.views.coverage import coverage as cover

        def tell(text: str) -> None:
            if not quiet:
                print(text, file=sys.stderr, flush=True)

        split = [part.strip() for text in heights or () for part in text.split(",")]
        study = cover(
            file, target=target, heights=split, azimuths=azimuth or (), heading=heading,
            compare_mast=compare_mast or (), compare_site=compare_site or (), compare_clutter=compare_clutter,
            variant=variant, compare_variant=compare_variant, cells=cells, progress=tell,
        )  # fmt: skip
        page = study.write(out or Path("out") / f"{file.stem}-coverage", svg=svg, progress=tell)
        if as_json:
            print_json({"page": str(page), **study.summary()})
            return
        print(f"{study!r}\n\npage: {page}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    with reporting():
        from kalkan.scenario import json_schema

        print_json(json_schema())


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; never overwritten.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help="small or second-batch.")] = "small",
) -> None:
    """Write a small, commented scenario to start from."""
    with reporting():
        from kalkan.errors import Problem, ProblemsError
        from kalkan.scenario import STARTERS, starter

        if kind not in STARTERS:
            raise ProblemsError([Problem("--kind", f'= "{kind}" must be one of {", ".join(STARTERS)}')])
        try:
            with file.open("x", encoding="utf-8") as opened:
                opened.write(starter(kind))
        except FileExistsError:
            raise ProblemsError(
                [Problem("file", "is there already; kalkan does not overwrite it", str(file))]
            ) from None
        name = shlex.quote(str(file))
        print(f"wrote {file} · check it: kalkan check {name} · run it: kalkan run {name}")


@app.command()
def replay(
    folder: Folder,
    replication: Annotated[
        int | None, typer.Option(metavar="I", help="Which one, from 0; default a typical one.")
    ] = None,
    variant: Annotated[str | None, typer.Option(metavar="NAME", help="Default the first one.")] = None,
    port: Annotated[int, typer.Option(metavar="N", help="Default a free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say the address.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write one page that opens from disk instead.")
    ] = None,
) -> None:
    """Watch one replication of a run in the browser."""
    with reporting():
        from kalkan.apps.web.commands import run_replay

        run_replay(folder, replication, variant, port, not no_browser, html)


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Workspace; default this folder.")] = Path(),
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; other than this machine, a token is wanted.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", help="Default a free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say the address.")] = False,
) -> None:
    """Edit scenarios, run them and look at the results in the browser."""
    with reporting():
        from kalkan.apps.web.commands import run_serve

        run_serve(folder, host, port, not no_browser)


@app.command()
def warm() -> None:
    """Compile the engine now, once per version."""
    with reporting():
        from kalkan.apps.progress import COMPILING
        from kalkan.engine import warm as engine

        if not engine.engine_is_compiled():
            print(COMPILING, file=sys.stderr, flush=True)
        print("the engine is compiled" if engine.warm() else "the engine was compiled before")


@app.command()
def version() -> None:
    """Print kalkan's version."""
    with reporting():
        import kalkan

        print(f"kalkan {kalkan.__version__}")


def _show(folder: Path, as_json: bool, write_report: bool = False, **options: Any) -> None:
    """Print the tables of a run, and where its report is; first write it if that is wanted."""
    from kalkan.views.notebook import open_results

    content = open_results(folder, **options).summary()
    if not write_report:
        _print_tables(content, as_json)
    elif as_json:
        _print_tables(content | {"report": str(_write_report(folder))}, as_json)
    else:
        _print_tables(content | {"report": None}, as_json)
        print(f"report: {_write_report(folder)}")


def _write_report(folder: Path, out: Path | None = None) -> Path:
    from kalkan.views.notebook import open_results

    return open_results(folder).report(out)


def _print_tables(content: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(content)
        return
    from kalkan.views.tables import results_view

    out = screen()
    out.print(results_view(content, out.width))


studies.register(app)


def main() -> None:
    """Entry point of the ``kalkan`` command."""
    app()


if __name__ == "__main__":
    main()
