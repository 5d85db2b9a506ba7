"""Columns of tables on screens of any width: no word and no number is ever broken, and nothing is lost."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from kalkan.views.columns import Arranger, chunks, wrapped
from kalkan.views.screen import ScreenTable

NUMBERS = ["8.7 ± 0.6", "0 % (−9 to +9)", "≥ 204.47 ± 0.17 (553 m)", "3.95 (3.83 to 4.00)*", "−3.4 ± 0.5", "–", "12"]
NAMES = st.lists(st.sampled_from(["two", "batches", "beside", "each", "other", "out"]), min_size=1, max_size=5)
HEADS = st.lists(NAMES.map(" ".join), min_size=2, max_size=8)


def on_screen(grid: ScreenTable, width: int) -> list[str]:
    screen = Console(file=io.StringIO(), width=width, color_system=None, force_jupyter=False, legacy_windows=False)
    screen.print(grid)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue().splitlines()


def parts(text: str) -> list[str]:
    return [part for line in text.split("\n") for part in chunks(line)]


@settings(deadline=None, max_examples=200)
@given(HEADS, st.data(), st.sampled_from([60, 80, 100]))
def test_nothing_is_broken_or_lost(heads: list[str], data: st.DataObject, width: int) -> None:
    cells = st.lists(st.sampled_from(NUMBERS), min_size=len(heads) - 1, max_size=len(heads) - 1)
    rows = [["cost of interceptors [million USD]", *data.draw(cells)] for _ in range(3)]
    lines = on_screen(ScreenTable(heads, rows), width)
    assert max(map(len, lines)) <= width
    shown = " ".join(" ".join(line.split()) for line in lines)
    for text in [*heads, *(cell for row in rows for cell in row)]:
        for part in parts(text):  # whole, on one line
            assert any(part in line for line in lines), (part, shown)
    whole = {word for text in [*heads, *(c for row in rows for c in row)] for word in text.split()}
    assert set(shown.split()) <= whole


def test_columns_that_belong_together_stay_together() -> None:
    heads = ["", *(f"variant{i}" for i in range(4)), *(f"variant{i} − variant0" for i in range(1, 4))]
    columns = [[head, "8.7 ± 0.6 of 123456"] for head in heads]
    assert [list(widths) for widths in Arranger(columns, 80).arranged([4, 3])] == [[0, 1, 2, 3, 4], [0, 5, 6, 7]]


@pytest.mark.parametrize("names", [1, 2])
def test_all_that_names_a_row_stands_in_every_piece(names: int) -> None:
    heads = ["doctrine.standard.assignment", "doctrine.standard.salvo"][:names] + ["two batches beside each other"] * 6
    rows = [[*["optimal", "2"][:names], *["10.0 ± 1.9"] * 6]]
    lines = on_screen(ScreenTable(heads, rows, names), 80)
    assert sum("10.0 ± 1.9" in line for line in lines) == sum(line.startswith("optimal") for line in lines) > 0
    assert sum(line.count("10.0 ± 1.9") for line in lines) == 6


def test_a_word_wider_than_its_column_is_cut_after_a_mark() -> None:
    assert wrapped("doctrine.standard.salvo", 12) == ("doctrine.", "standard.", "salvo")
    assert wrapped("8.7 ± 0.6 (29 %)", 10) == ("8.7 ± 0.6", "(29 %)")
