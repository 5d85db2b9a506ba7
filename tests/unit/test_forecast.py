"""What a study will cost is said before it starts, and its time after a few evaluations of its own."""

import itertools
from types import SimpleNamespace

import pytest

from kalkan.engine.watch import Watcher
from kalkan.studies import forecast
from kalkan.studies.forecast import PILOT, Forecast, span
from kalkan.studies.sensitivity import most_evaluations
from kalkan.views.progress import ProgressLines, shown, told_to, watched


class Noted(Watcher):
    def __init__(self):
        self.lines = []

    def stage(self, text):
        self.lines.append(text)


def test_size_first_then_time(monkeypatch):
    """Of 100 evaluations 20 are kept; when the first and the pilot are made, the others are left."""
    clock, processors = itertools.count(0.0, 10.0), itertools.count(0.0, 20.0)
    monkeypatch.setattr(forecast.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(forecast.time, "process_time", lambda: next(processors) * PILOT)
    noted = Noted()
    told = Forecast(noted, 100, 32)
    assert noted.lines == ["100 evaluations × 32 replications at most; each is kept, and none is made twice"]
    told.kept(20)
    for _ in range(1 + PILOT):
        told.made()
    left_s = 10.0 / PILOT * (100 - 20 - 1 - PILOT)
    assert noted.lines[1].startswith(f"about {span(left_s)} to go ({span(2 * PILOT * left_s)} of processor time)")
    for _ in range(20):
        told.made()
    assert len(noted.lines) == 2, "once"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "1 s"), (7.4, "7 s"), (44.0, "40 s"), (432.0, "7 min"), (5500.0, "1.5 h")]
)
def test_two_digits_at_most(seconds, text):
    assert span(seconds) == text


def test_sobol_evaluations():
    """A. Saltelli et al. 2010, table 2: base × (k + 2) for first-order and total indices of k groups."""
    factors = [SimpleNamespace(conflict=c) for c in "ABBA"]
    assert most_evaluations(factors, 6, 32, False) == 32 * (4 + 2)
    assert most_evaluations(factors, 3, 32, True) == 32 * (3 + 2) + 32 * (2 + 2)
    assert most_evaluations(factors, 3, 0, True) == most_evaluations([], 3, 32, True) == 0


def test_functions_are_watched_unless_told_otherwise(capsys):
    @watched
    def work(*, progress=None):
        progress.stage("working")

    work()
    assert capsys.readouterr().err == "working\n"
    work(progress=False)
    assert capsys.readouterr().err == ""
    noted = Noted()
    work(progress=noted)
    assert noted.lines == ["working"] and capsys.readouterr().err == ""


def test_lines_say_what_is_left(capsys, monkeypatch):
    with shown(None) as lines:
        assert isinstance(lines, ProgressLines)
        lines.started(100, 400)
        lines._next = 0.0
        lines.advanced(200, 400, 1e4, 10.0)
        lines.advanced(201, 400, 1e4, 10.0)
    assert capsys.readouterr().err.splitlines()[1:] == ["200 of 400 replications · 1,000 × real time · 0:20 left"]


def test_lines_say_what_is_foreseen_rather_than_what_went_before(capsys):
    with shown(None) as lines:
        lines._next = 0.0
        lines.foreseen(42.0)
        lines.advanced(4, 800, 1e4, 3.0)
    assert capsys.readouterr().err.splitlines() == ["4 of 800 replications · 3,300 × real time · 0:42 left"]


def test_single_lines_are_told_unless_nobody_wants_them(capsys):
    told_to(None)("contours")
    told_to(False)("pictures")
    own = []
    told_to(own.append)("page")
    assert capsys.readouterr().err == "contours\n" and own == ["page"]
