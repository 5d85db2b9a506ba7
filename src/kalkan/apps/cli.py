"""The command line. Every import that costs time is inside the command that needs it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kalkan.apps import claims, pictures, runs, scenarios, studies
from kalkan.apps.options import Json
from kalkan.apps.reporting import print_json, reporting

app = typer.Typer(
    name="kalkan",
    help="The open, fast, honest simulator of ground-based air defence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    runs.run,
    runs.show,
    runs.report,
    runs.compare,
    pictures.export,
    scenarios.check,
    claims.explain,
    claims.timeline,
    pictures.coverage,
    scenarios.schema,
    scenarios.new,
    pictures.replay,
    pictures.serve,
):
    app.command()(command)


@app.command()
def warm() -> None:
    """Compile the engine now, once per version."""
    with reporting():
        from kalkan.apps.progress import COMPILING
        from kalkan.engine import warm as engine
        from kalkan.engine.cache import kept
        from kalkan.views.cache import hint

        if not engine.engine_is_compiled():
            print(COMPILING, file=sys.stderr, flush=True)
        print("the engine is compiled" if engine.warm() else "the engine was compiled before")
        if told := hint(kept()):
            print(told)


@app.command()
def cache(
    clean: Annotated[
        bool, typer.Option("--clean", help="Take away what has not been used for 30 days; never this engine.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what kalkan keeps on this machine and may make again, and how large it is."""
    with reporting(as_json):
        from kalkan.engine import cache as kept
        from kalkan.views.cache import as_records, lines

        gone = kept.clean() if clean else None
        here = kept.kept()
        if as_json:
            print_json(as_records(here, gone))
        else:
            print("\n".join(lines(here, gone)))


@app.command()
def version() -> None:
    """Print kalkan's version."""
    with reporting():
        import kalkan

        print(f"kalkan {kalkan.__version__}")


studies.register(app)


def main() -> None:
    """Entry point of the ``kalkan`` command."""
    app()


if __name__ == "__main__":
    main()
