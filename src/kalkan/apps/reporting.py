"""How a command ends: the user's mistakes as lines (or JSON) and exit code 2, never a traceback."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import typer

from kalkan.apps.interrupts import INTERRUPTED, seen, stoppable
from kalkan.apps.streams import is_unicode
from kalkan.caches import MATPLOTLIBS
from kalkan.errors import KalkanError, ProblemsError, printable

MISTAKE, FAULT = 2, 1
_REMEDY = f"let TMPDIR or {MATPLOTLIBS} name one"


@contextlib.contextmanager
def reporting(as_json: bool = False) -> Iterator[None]:
    """Turn whatever goes wrong inside into a message and an exit code."""
    try:
        with stoppable():
            yield
    except (typer.Exit, typer.Abort):
        raise
    except KalkanError as error:
        _tell(error, as_json)
        raise typer.Exit(MISTAKE) from None
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if seen():  # a library made something else of the interruption
            print("stopped", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        if isinstance(error, OSError) and MATPLOTLIBS in str(error):  # it can write nowhere
            _tell(KalkanError(f"pictures need a folder that can be written, if for this process: {_REMEDY}"), as_json)
            raise typer.Exit(MISTAKE) from None
        if isinstance(error, OSError):
            place = error.filename or "file"
            _tell(KalkanError(f"{place}: {error.strerror or error}"), as_json)
            raise typer.Exit(MISTAKE) from None
        _fault(error)
        raise typer.Exit(FAULT) from None


def print_json(content: Any) -> None:
    """JSON for scripts on the output stream; one that has not every character gets JSON's own escapes."""
    print(json.dumps(content, ensure_ascii=not is_unicode(sys.stdout), indent=2, allow_nan=False))


def problems_of(error: KalkanError) -> dict[str, Any]:
    """``{"problems": [...]}`` for any error of kalkan's own."""
    from kalkan.views.claims.problems import as_records

    if isinstance(error, ProblemsError):
        return {"problems": as_records(error)}
    return {"problems": [{"file": "", "line": 0, "where": "", "message": str(error)}]}


def _tell(error: KalkanError, as_json: bool) -> None:
    if as_json:
        print_json(problems_of(error))
    else:
        print(printable(str(error)), file=sys.stderr)


def _fault(error: Exception) -> None:
    if os.environ.get("KALKAN_DEBUG"):
        traceback.print_exception(error)
        return
    words = " ".join(str(error).split())[:200]
    print(
        f"kalkan has a fault: {type(error).__name__}: {words}\n"
        "Please report it with the scenario and the output of the same command under KALKAN_DEBUG=1.",
        file=sys.stderr,
    )
