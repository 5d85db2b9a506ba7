"""What a run of four variants prints, by the real command line: an answer on one screen, and the rest within reach."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kalkan.catalogue import load_catalogue
from kalkan.views.run.result_cells import table_cells

if TYPE_CHECKING:
    from playwright.sync_api import Page

KALKAN = str(Path(sys.executable).with_name("kalkan"))
EXAMPLE = Path(__file__).parents[2] / "examples" / "second-batch.toml"
MOST_LINES = 80


def kalkan(*words: object, cwd: Path, columns: int = 100) -> str:
    env = {**os.environ, "COLUMNS": str(columns)}
    done = subprocess.run([KALKAN, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=600, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The example with its four variants and a few draws of the claims."""
    folder = tmp_path_factory.mktemp("answer")
    words = ("run", EXAMPLE, "--replications", 24, "--draws", 4, "--out", "out", "--no-report", "--quiet")
    return folder, kalkan(*words, cwd=folder)


def test_four_variants_are_answered_on_one_screen(ran: tuple[Path, str]) -> None:
    folder, out = ran
    lines = out.splitlines()
    assert len(lines) <= MOST_LINES and max(map(len, lines)) <= 100
    assert lines[0].startswith("Second batch — 4 variants × 24 replications")
    for told in ("leakers of 56", "not known: 4 draws × 2", "why they leaked", "F-35s (4)", "what it took", "(paired)"):
        assert told in out
    assert lines[-2:] == [
        "more tables: kalkan show out --ranges or --missiles or --all",
        "results: out · again: kalkan show out · watch one: kalkan replay out",
    ]  # fmt: skip
    assert kalkan("show", "out", cwd=folder) == out


def test_every_table_is_within_reach(ran: tuple[Path, str]) -> None:
    folder, brief = ran
    content = json.loads(kalkan("show", "out", "--json", cwd=folder))
    shown = {part: kalkan("show", "out", f"--{part}", cwd=folder) for part in ("ranges", "missiles", "all")}
    assert {t["part"] for t in content["tables"]} == {"answer", "ranges", "missiles"}
    for table in content["tables"]:
        assert table["title"] in shown["all"] and table["title"] in shown.get(table["part"], brief)
        _, rows = table_cells(table, content)
        for text in (shown["all"], shown.get(table["part"], shown["all"])):
            numbers = set(text.split())
            for _, *cells in rows:
                assert {word for cell in cells for word in cell.split()} <= numbers
    assert "first seen at" not in brief and "first seen at" not in shown["missiles"]
    assert "engagements ordered" in shown["missiles"] and "engagements ordered" not in shown["ranges"]


@pytest.mark.parametrize("columns", [60, 80])
def test_on_narrow_terminals_no_word_is_broken(ran: tuple[Path, str], columns: int) -> None:
    folder, _ = ran
    for words in (("show", "out"), ("show", "out", "--all")):
        lines = kalkan(*words, cwd=folder, columns=columns).splitlines()
        assert max(map(len, lines)) <= columns
        whole = set(kalkan(*words, cwd=folder).split())
        assert set(" ".join(lines).split()) - whole <= {"terrain/globe30s_turkiye_emed.tif;"}


def test_names_stand_for_identifiers(ran: tuple[Path, str]) -> None:
    folder, _ = ran
    shown = kalkan("show", "out", "--ranges", cwd=folder) + kalkan("show", "out", "--missiles", cwd=folder)
    names = {"every", "subsonic", "missile", "S-400", "Triumf,", "48N6E3", "9M96E2", "spent"}
    assert names <= set(shown.split())
    identifiers = {i for i, entry in load_catalogue().entries.items() if i != entry.name and "-" in i}
    assert identifiers and not identifiers & set(shown.split()) and "48n6e3" not in shown


def test_sweeps_and_propagations_break_no_word(ran: tuple[Path, str]) -> None:
    folder, _ = ran
    text = EXAMPLE.read_text().replace("terrain/globe", f"{EXAMPLE.parent}/terrain/globe")
    (folder / "raid.toml").write_text(text)
    for words in (("sweep", "raid.toml", "--over", "doctrine.standard.salvo=1,2", "--replications", 2),
                  ("propagate", "raid.toml", "--draws", 4, "--inner", 2)):  # fmt: skip
        wide, narrow = (kalkan(*words, "--out", "study", "--quiet", cwd=folder, columns=c) for c in (100, 80))
        assert max(map(len, narrow.splitlines())) <= 80
        assert {"spread", "batches", "production"} <= set(narrow.split())
        assert set(narrow.split()) == set(wide.split())


@pytest.fixture(scope="module")
def tab(ran: tuple[Path, str]) -> Iterator[Page]:
    """The report of the four variants in a browser."""
    from playwright.sync_api import sync_playwright

    folder, _ = ran
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None and not os.environ.get("CI"):
        pytest.skip("Chromium is missing")
    assert program, "Chromium is missing"
    kalkan("report", "out", cwd=folder)
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]).new_page()
        page.goto((folder / "out/report.html").as_uri())
        yield page


def test_the_first_screen_of_the_report_is_the_answer(tab: Page) -> None:
    tab.set_viewport_size({"width": 1280, "height": 900})
    ends = [tab.locator(f"#answer {part}").first.bounding_box() for part in (".findings", ".box", ".headline")]
    tops, bottoms = ([box["y"] + box["height"] * down for box in ends if box] for down in (0, 1))
    assert len(tops) == 3 and tops == sorted(tops) and bottoms[-1] <= 900
    assert tab.locator("#answer .findings li").count() == 1
    assert tab.locator("#answer h3").all_inner_texts() == ["Variant against variant", "Single replications"]


def test_no_column_is_cut_off_at_1280_and_nothing_but_tables_scrolls_on_a_telephone(tab: Page) -> None:
    wider = "[...document.querySelectorAll('.table')].filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1)"
    tab.set_viewport_size({"width": 1280, "height": 900})
    assert tab.evaluate(f"{wider}.map(e => e.firstElementChild.className)") == []
    tab.set_viewport_size({"width": 390, "height": 844})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
