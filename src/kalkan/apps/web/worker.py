"""The other end of :mod:`kalkan.apps.web.children`: reads one job from its input, writes lines of JSON."""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from kalkan.api import find
from kalkan.apps.reporting import problems_of
from kalkan.apps.web.workspace import Workspace
from kalkan.engine.watch import Interrupted, Watcher
from kalkan.errors import DifferentRunError, KalkanError
from kalkan.operations import STUDIES

SHARE_FOR_INTERVALS = 0.08  # of one processor's time may go into estimates on the way
SHORTEST_S = 0.8  # between estimates


class Sayer(Watcher):
    """Says how far a study is."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def say(self, **line: Any) -> None:
        """One line."""
        say(self._out, line)

    def compiling_engine(self) -> None:
        """Say what takes so long."""
        self.say(note="compiling the engine, once per version: about a minute")

    def preparing(self, label: str) -> None:
        """Say which variant is being made ready."""
        self.say(note=f"preparing {label}")

    def note(self, text: str) -> None:
        """Pass on."""
        self.say(note=text)

    def stage(self, text: str) -> None:
        """Pass on."""
        self.say(note=text)

    def advanced(self, done: int, total: int, simulated_s: float, elapsed_s: float) -> None:
        """Say how far it is."""
        self.say(done=done, total=total, times_real=simulated_s / max(elapsed_s, 1e-9))


class Teller(Sayer):
    """Says how far a run is, and what it estimates so far."""

    def __init__(self, out: TextIO, folder: Path, variants: Sequence[str]) -> None:
        super().__init__(out)
        self._folder, self._variants = folder, variants
        self._next_s = 0.0
        self._left_s = 0.0

    def foreseen(self, left_s: float) -> None:
        """Remember how long it will take."""
        self._left_s = left_s

    def started(self, kept: int, total: int) -> None:
        """Pass on, and say where the results go."""
        self.say(done=kept, total=total, out=self._folder.name)

    def advanced(self, done: int, total: int, simulated_s: float, elapsed_s: float) -> None:
        """Say how far it is, now and then with estimates."""
        line: dict[str, Any] = {"done": done, "total": total, "times_real": simulated_s / max(elapsed_s, 1e-9)}
        line["left_s"] = self._left_s
        if time.monotonic() >= self._next_s or done == total:
            begin = time.thread_time()
            line["estimates"] = estimates(self._folder, self._variants)
            spent = time.thread_time() - begin if self._next_s else 0.0  # the first time libraries are loaded
            self._next_s = time.monotonic() + max(SHORTEST_S, spent / SHARE_FOR_INTERVALS)
        self.say(**line, note="")


def estimates(folder: Path, variants: Sequence[str]) -> list[dict[str, Any]]:
    """Headline measures of these variants so far, each with its interval."""
    import math

    from kalkan.engine.store import Store
    from kalkan.results.assemble import Results, load_records
    from kalkan.results.declared import LIVE, shown_in
    from kalkan.views.run.summary import row_of

    done = {block.variant for block in Store.open(folder).blocks}
    results = Results(*load_records(folder, variants=[v for v in variants if v in done]))
    rows = []
    for name, measures in results.measures().items():
        kept = [k for k in shown_in(LIVE) if k in measures and math.isfinite(measures[k].mean)]
        values = {k: _estimate(row_of(k, [measures])) for k in kept}
        n = int(results.records[name].replications.size)
        rows.append({"variant": name, "label": results.label(name), "n": n, "values": values})
    return rows


def _estimate(row: dict[str, Any]) -> dict[str, Any]:
    """A measure of one variant: its ends, None where there are none yet, and the text of all views."""
    from kalkan.views.run.result_cells import row_cells

    name, text = row_cells(row)
    return {"name": name, "text": text, **{k: row["values"][0][k] for k in ("mean", "low", "high")}}


def say(out: TextIO, line: dict[str, Any]) -> None:
    """One line of JSON, at once."""
    out.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
    out.flush()


def run(job: dict[str, Any], out: TextIO) -> None:
    """Run a study, where no other results are in the way; a first Ctrl-C keeps what is done."""
    from kalkan.studies.until import run_or_until

    workspace = Workspace(Path(job["root"]))
    scenario = workspace.parse(job["path"])
    if job["stance"]:
        scenario = scenario.with_stances(job["stance"].split(","))
    for folder in map(workspace.inside, folders(job["out"])):
        try:
            run_or_until(
                scenario, None, replications=job["replications"], variants=None, out=folder, unknown=job["unknown"],
                overwrite=job["overwrite"], progress=Teller(out, folder, list(scenario.variants_resolved())),
            )  # fmt: skip
        except DifferentRunError:
            continue  # what it holds stays
        except Interrupted as stopped:
            say(out, {"stopped": True, "done": stopped.kept, "total": stopped.total})
            return
        say(out, {"answer": {"finished": True}})
        return


def folders(first: str) -> Iterator[str]:
    """The folder that results go to, then the same with a number: ``out/raid``, ``out/raid-2``, ``out/raid-3`` …"""
    yield first
    yield from (f"{first}-{n}" for n in itertools.count(2))


def replay(job: dict[str, Any], out: TextIO) -> None:
    """Record one replication, of a campaign one wave of it, and tell it as a document."""
    from kalkan.views.replay.telling import tell

    say(out, {"answer": tell(Path(job["folder"]), job["variant"], job["replication"], job["wave"])})


def report(job: dict[str, Any], out: TextIO) -> None:
    """Write the report of a run as one page, and tell its text."""
    import tempfile

    from kalkan.views.notebook.results import open_results

    with tempfile.TemporaryDirectory() as place:
        page = open_results(Path(job["folder"])).report(Path(place) / "report.html")
        say(out, {"answer": page.read_text(encoding="utf-8")})


def figures(job: dict[str, Any], out: TextIO) -> None:
    """Draw what a page about a run begins with."""
    from kalkan.views.notebook.results import open_results
    from kalkan.views.report.glance import glance

    say(out, {"answer": glance(open_results(Path(job["folder"])))})


def study(job: dict[str, Any], out: TextIO) -> None:
    """Make a study as its command does, write its files, and tell what it found."""
    operation, workspace = STUDIES[job["study"]], Workspace(Path(job["root"]))
    place = workspace.inside(job["out"])
    folder = {} if "out" in operation.without else {"out": place}
    found = find(operation.name)(workspace.parse(job["path"]), **job["arguments"], **folder, progress=Sayer(out))
    files = [str(file.relative_to(place)) for file in found.save()]
    tables = [{"columns": heads, "rows": rows} for heads, rows in found.tables]
    told = {"heading": found.heading, "answer": found.sentence, "tables": tables, "files": files}
    say(out, {"answer": {**told, "found": found.content}})


JOBS = {"run": run, "replay": replay, "report": report, "figures": figures, "study": study}


def main() -> None:
    """Do the job on the input."""
    job = json.loads(sys.stdin.read())
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        JOBS[job["do"]](job, out)
    except KeyboardInterrupt:
        say(out, {"stopped": True})
    except KalkanError as error:
        say(out, problems_of(error))
    except OSError as error:
        say(out, problems_of(KalkanError(f"{error.filename or 'file'}: {error.strerror or error}")))


if __name__ == "__main__":
    main()
