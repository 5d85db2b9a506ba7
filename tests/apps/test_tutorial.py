"""The tutorial's commands still print what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.tutorial import PAGE, played

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
SPEED = re.compile(r"· [\d.]+ s · [\d,]+ × real time")
SPACE = re.compile(r"[ \t]+")


def words(text: str) -> str:
    """A page without its numbers, and without the spaces that align them."""
    return NUMBER.sub("#", SPACE.sub(" ", SPEED.sub("", text)))


def numbers(text: str) -> list[float]:
    return [float(x.replace(",", "")) for x in NUMBER.findall(SPEED.sub("", text))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def now(folder: Path) -> str:
    return played(PAGE.read_text(encoding="utf-8"), folder)


def test_the_tutorial_prints_what_it_shows(now: str) -> None:
    """Words exactly. Numbers nearly: another processor may roll a die of the sixty raids differently."""
    shown = PAGE.read_text(encoding="utf-8")
    assert words(now) == words(shown), "run `python docs/tutorial.py`"
    assert numbers(now) == pytest.approx(numbers(shown), rel=0.25, abs=0.5), "run `python docs/tutorial.py`"


def test_what_the_text_concludes_holds(now: str) -> None:
    """One round per shot leaks more for certain, and spends less; the raid of the title is what the scenario says."""
    difference = re.search(r"leakers of 16 .* \+(\d+\.\d+) ± (\d+\.\d+)\n", now)
    spent = re.search(r"interceptors spent .* −(\d+\.\d+) ± (\d+\.\d+)\n", now)
    for found in (difference, spent):
        assert found and float(found[1]) > 3.0 * float(found[2])
    unknown = re.search(r"\nleakers .* \+(\S+) ± (\S+)\n.* \[\+(\S+) to \+(\S+)\]\n", now)
    assert unknown, "both ends of what is not known are above zero"
    assert float(unknown[1]) > float(unknown[2]) and float(unknown[3]) > 0.0, "clear of zero with the claims drawn"
    plain = re.search(r"\nleakers of 16 +(\S+) ± ", now)
    drawn = re.search(r"\nleakers +(\d\S*) \(.* \+\S+ ± ", now)
    assert plain and drawn and float(drawn[1]) > float(plain[1]), "more gets through than at the best sources"
    tied = re.search(r"\nleakers of 16 +(\S+) ± (\S+) +\S+ ± \S+ +(\S+) ± (\S+)\n", now.partition("## 7.")[2])
    assert tied and float(tied[3]) + float(tied[4]) < float(tied[1]) - float(tied[2]), "integrated lets fewer through"


def test_its_python_gives_the_difference_of_the_table(
    now: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    code = re.search(r"```python\n(.*?)```", now, re.DOTALL)
    shown = re.search(r"leakers of 16 .* \+(\d+\.\d+) ± ", now)
    assert code and shown
    *lines, last = code[1].strip().splitlines()
    scope: dict = {}
    exec("\n".join(lines), scope)
    differences = eval(last, scope)
    assert differences.size == 60
    half_a_digit = 0.5 * 10.0 ** -len(shown[1].partition(".")[2])  # of what is printed
    assert float(differences.mean()) == pytest.approx(float(shown[1]), abs=half_a_digit + 1e-9)
