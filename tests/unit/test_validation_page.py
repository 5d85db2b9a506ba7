"""The validation page names every test of outside truth, as it is now, and the watcher's shares are right."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.validation.comparisons import Findings, from_middle, percent, ratio, within
from tests.validation.entries import KINDS, ROOT, chapters, read
from tests.validation.page import PAGE, cell, page, row

REMEDY = "run `make validation`, which writes docs/validation.md from the tests"
WATCHED = '''
import numpy as np
import pytest

@pytest.mark.parametrize("x", [1.0, 1.4])
def test_close(x):
    assert x == pytest.approx(1.0, abs=0.5)
    assert [x, 2.0] == pytest.approx([1.0, 2.0], rel=0.8)
    assert x == pytest.approx(1.0, rel=0.8, abs=0.1)
    assert np.array([x, 1.0]) == pytest.approx(1.0, abs=0.5)
    np.testing.assert_allclose(np.array([x, 10.0]), [1.0, 10.0], rtol=0.0, atol=1.0)

def test_bounds():
    rng = np.random.default_rng(1)
    error, low, high, chi2 = np.array([-0.3, 0.1]), 1.0, 3.0, 7.0
    assert np.abs(error).max() < 0.6 and (np.abs(error) <= [0.4, 0.4]).all()
    assert low <= 2.5 <= high
    assert chi2 < 10.0, "a statistic"
    assert 0.0 < error[1] < 1.0  # a condition, no deviation
    assert sum(abs(i) for i in range(3)) == 3

@pytest.mark.skip(reason="not today")
def test_skipped():
    pass
'''
WATCH = """
import sys
import pytest
from pathlib import Path
from tests.validation.plugin import Watch
watch = Watch(Path(sys.argv[1]).parent)
options = ["-q", "-p", "no:cacheprovider", "-o", "enable_assertion_pass_hook=true"]
assert pytest.main([*options, sys.argv[1]], plugins=[watch]) == 0
for name, f in watch.findings.items():
    print(name.partition("::")[2], f.cases, f.n, f.tolerances(), f.skipped, sep="|")
"""


def test_the_page_names_the_tests_that_there_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    on_page = re.findall(r"<br>`(test_\w+)` \|", text)
    there_are = [e.name for c in chapters() for e in c.entries]
    assert sorted(on_page) == sorted(there_are), REMEDY
    for entry in (e for c in chapters() for e in c.entries):
        assert cell(entry.sentence) in text, f"{entry.node} says something else now: {REMEDY}"
        assert cell(entry.reference.partition(":")[2].strip()) in text, f"{entry.node}: {REMEDY}"


def test_every_test_of_outside_truth_is_in_a_chapter() -> None:
    planned = {file for c in chapters() for file in c.files}
    for path in (ROOT / "tests" / "reference").glob("test_*.py"):
        assert path.relative_to(ROOT).as_posix() in planned, "name it in a chapter of tests/validation/chapters.toml"
    for path in ROOT.glob("tests/*/test_*.py"):
        file = path.relative_to(ROOT).as_posix()
        for entry in read(file):
            assert entry.kind in KINDS, f"{entry.node}: Against: {entry.reference}"
            assert file in planned, f"{entry.node} says what it compares with, but its file is in no chapter"


def test_shares_of_tolerances() -> None:
    assert within([1.0, 2.2], [1.0, 2.0], 0.1, 0.0) == (pytest.approx(1.0), "rel", 0.1, 2)
    assert within(5.0, 4.0, 0.0, 2.0) == (0.5, "abs", 2.0, 1)
    assert within(np.inf, np.inf, 0.1, 0.1)[0] == 0.0
    assert within(["a"], ["a"], 0.0, 1.0) is None
    assert ratio([-1.0, 3.0], [4.0, 6.0]) == (0.5, (4.0, 6.0), 2)
    assert from_middle((2.0, 6.0), 5.0) == 0.5
    assert [from_middle((0.0, 0.1), 0.02), from_middle((0.9, 1.0), 0.98)] == pytest.approx([0.2, 0.2])
    assert [percent(x) for x in (0.0, 0.004, 0.126, 1.0)] == ["0 %", "< 1 %", "13 %", "100 %"]


def test_rows_tell_what_was_found_and_what_was_not_run() -> None:
    entry = next(read("tests/reference/test_sobol.py"))
    found = Findings(cases=3)
    found.add(7, "abs", 0.25, 0.02, 4)
    found.add(9, "abs", 0.5, 0.02, 2)
    found.add(8, "rel", 0.001, (1e-9, 1e-6))
    told = row(entry, found).replace("\N{NO-BREAK SPACE}", " ")
    assert told.endswith("| 3<br>(7) | abs 0.02<br>rel 1e-9 to 1e-6 | 50 %<br>< 1 % |")
    assert row(entry, Findings(skipped="no GRASS")).endswith("| — | — | not run: no GRASS |")
    assert row(entry, Findings(cases=1)).endswith("| 1 | — | holds |")
    assert "[doi:10.1109/ISUMA.1990.151285](https://doi.org/10.1109/ISUMA.1990.151285)" in row(entry, found)
    assert page(chapters(), {}).count("not run") == sum(len(c.entries) for c in chapters())


def test_the_watcher_sees_what_tests_compare(tmp_path: Path) -> None:
    (tmp_path / "test_watched.py").write_text(WATCHED)
    command = [sys.executable, "-B", "-c", WATCH, str(tmp_path / "test_watched.py")]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = dict(line.split("|", 1) for line in done.stdout.splitlines() if line.startswith("test_"))
    assert lines["test_close"] == "2|16|[('abs 0.5', '80 %'), ('rel 0.8', '50 %'), ('abs 1', '40 %')]|"
    assert lines["test_bounds"] == (
        "1|5|[('below 0.4 to 0.6', '75 %'), ('inside the interval', '50 %'), ('below 10', '70 %')]|"
    )
    assert lines["test_skipped"] == "0|0|[]|not today"
