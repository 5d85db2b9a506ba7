"""``kalkan export``: from words on the command line to ``kalkan.exports``."""

from __future__ import annotations

import math
import sys
from datetime import datetime
from functools import partial
from pathlib import Path

from kalkan.errors import Problem, ProblemsError
from kalkan.exports import export, go_live
from kalkan.exports.formats import problem_of_format
from kalkan.exports.live import HOST
from kalkan.exports.writing import START
from kalkan.views.progress import ProgressLines


def run_export(
    folder: Path, to: str, replications: list[int] | None, variant: str | None, wave: str | None, out: Path | None,
    start: str | None, live: bool, speed: float | None, to_host: str | None,
) -> None:  # fmt: skip
    """Carry out the command; every mistake in its words is told at once."""
    problems: list[Problem] = []
    began = _date(start, problems)
    host, port = _address(to_host, problems)
    problems += _misplaced(live, replications, out, speed, to_host)
    if problems:
        raise ProblemsError([*problems, *([wrong] if (wrong := problem_of_format(to)) else [])])
    with ProgressLines() as watch:
        if not live:
            for file in export(
                folder, to, variant=variant, replications=replications, wave=wave, out=out, start=began, progress=watch
            ):
                print(f"wrote {file}")
            return
        number = replications[0] if replications else None
        pace = 1.0 if speed is None else speed
        sent = go_live(
            folder, to, variant=variant, replication=number, wave=wave, host=host, port=port, speed=pace, start=began,
            progress=watch, sending=partial(_tell, to, pace),
        )  # fmt: skip
        print(f"sent {sent:,} datagrams")


def _tell(to: str, pace: float, host: str, port: int) -> None:
    times = "as fast as it goes" if math.isinf(pace) else f"{pace:g} × real time"
    print(f"sending {to} to {host}, port {port}, {times}; Ctrl-C stops it", file=sys.stderr, flush=True)


def _misplaced(
    live: bool, replications: list[int] | None, out: Path | None, speed: float | None, to_host: str | None
) -> list[Problem]:
    """Options that do not go together."""
    found = []
    if live:
        if out is not None:
            found.append(Problem("--out", "does not go with --live, which writes no file"))
        if replications and len(replications) > 1:
            found.append(Problem("--replication", "can be given once only with --live"))
    else:
        given = (("--speed", speed), ("--to-host", to_host))
        found += [Problem(name, "needs --live") for name, value in given if value is not None]
    return found


def _date(text: str | None, problems: list[Problem]) -> datetime:
    if text is None:
        return START
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        problems.append(Problem("--start", f'= "{text}" is not a date such as 2026-01-01T06:00:00Z'))
        return START


def _address(text: str | None, problems: list[Problem]) -> tuple[str, int | None]:
    """Host and port of ``HOST``, ``HOST:PORT``, ``:PORT`` or ``[IPV6]:PORT``."""
    if text is None:
        return HOST, None
    bracketed = text.startswith("[") and "]" in text
    host, _, port = (text[1:].partition("]") if bracketed else text.partition(":"))
    port = port.removeprefix(":") if bracketed else port
    if not port:
        return host or HOST, None
    if not port.isdecimal():
        problems.append(Problem("--to-host", f'= "{text}" must be HOST:PORT, such as 127.0.0.1:3000'))
        return host or HOST, None
    return host or HOST, int(port)
