"""The command line. Every import that costs time is inside the command that needs it."""

from __future__ import annotations

import sys

import typer

from kalkan.apps import claims, pictures, runs, scenarios, studies
from kalkan.apps.reporting import reporting

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

        if not engine.engine_is_compiled():
            print(COMPILING, file=sys.stderr, flush=True)
        print("the engine is compiled" if engine.warm() else "the engine was compiled before")


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
