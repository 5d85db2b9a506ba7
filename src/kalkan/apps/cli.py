"""The command line. Every import that costs time is inside the command that needs it."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from kalkan.apps import claims, interrupts, pictures, runs, scenarios, streams, studies
from kalkan.apps.helping import Commands, beginning, epilog, help_of
from kalkan.apps.options import Json
from kalkan.apps.reporting import print_json, reporting
from kalkan.caches import matplotlib_has_a_folder
from kalkan.operations import OPERATIONS

app = typer.Typer(
    name="kalkan",
    cls=Commands,
    epilog=beginning(),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
_NAMED = {o.name: o.command for o in OPERATIONS if o.command}
for command in (
    runs.run,
    runs.show,
    runs.report,
    runs.compare,
    pictures.export,
    scenarios.check,
    claims.explain,
    claims.timeline,
    claims.listing,
    pictures.coverage,
    scenarios.schema,
    scenarios.new,
    pictures.replay,
    pictures.serve,
):
    name = _NAMED.get(command.__name__, command.__name__)
    app.command(name, epilog=epilog(name))(command)
app.command("help", epilog=epilog("help"))(help_of)


def _tell_version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def beside(
    version_wanted: Annotated[
        bool, typer.Option("--version", "-V", callback=_tell_version, is_eager=True, help="Print kalkan's version.")
    ] = False,
) -> None:
    """The open, fast, honest simulator of ground-based air defence."""


@app.command(epilog=epilog("warm"))
def warm() -> None:
    """Compile the engine now, once per version."""
    with reporting():
        from kalkan.engine import warm as engine
        from kalkan.engine.cache import kept
        from kalkan.views.cache import hint
        from kalkan.views.progress import ProgressLines

        if not engine.engine_is_compiled():
            ProgressLines().compiling_engine()
        print("the engine is compiled" if engine.warm() else "the engine was compiled before")
        if told := hint(kept()):
            print(told)


@app.command(epilog=epilog("cache"))
def cache(
    clean: Annotated[
        bool, typer.Option("--clean", help="Take away what has not been used for 30 days; never this engine.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what kalkan keeps on this machine and may make again. And how large it is."""
    with reporting(as_json):
        from kalkan.engine import cache as kept
        from kalkan.views.cache import as_records, lines

        gone = kept.clean() if clean else None
        here = kept.kept()
        if as_json:
            print_json(as_records(here, gone))
        else:
            print("\n".join(lines(here, gone)))


@app.command(epilog=epilog("version"))
def version() -> None:
    """Print kalkan's version."""
    with reporting():
        import kalkan

        print(f"kalkan {kalkan.__version__}")


studies.register(app)


def main() -> None:
    """The ``kalkan`` command, with streams that take all; `kalkan.apps.start` begins it."""
    interrupts.install()
    streams.install()
    matplotlib_has_a_folder()
    logging.getLogger().addHandler(logging.NullHandler())  # what other libraries have to say is not for kalkan's user
    code = 0
    try:
        app(prog_name="kalkan")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    sys.exit(streams.ended(code))


if __name__ == "__main__":
    main()
