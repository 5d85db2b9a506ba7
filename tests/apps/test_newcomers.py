"""What somebody tries who has just installed kalkan: help, a version, a list, completion, and a file to watch."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from kalkan.apps.cli import app
from kalkan.apps.options import a_folder
from kalkan.catalogue import load_catalogue
from kalkan.operations import EXAMPLES
from tests.apps.test_cli import KALKAN, kalkan

ROOT = Path(__file__).parents[2]
GROUP = typer.main.get_command(app)
HEAVY = {"numba", "scipy", "xarray", "zarr", "rasterio", "pandas"}


def completed(line: str, cwd: Path = ROOT) -> list[str]:
    """What a bash shell is offered for the last word of a line."""
    words = line.split(" ")
    env = {"_KALKAN_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run([KALKAN], cwd=cwd, capture_output=True, text=True, env={**os.environ, **env})
    assert "Traceback" not in done.stderr
    return done.stdout.splitlines()


def test_explain_without_a_word_says_what_there_is(tmp_path):
    text = kalkan("explain", cwd=tmp_path).stdout
    assert "s-400" in text and "91n6e" in text and "Shahed-136" in text
    content = json.loads(kalkan("explain", "--json", cwd=tmp_path).stdout)
    assert {e["id"] for g in content["groups"] for e in g["entries"]} == set(load_catalogue().ids())


def test_the_list_finds_by_any_name(tmp_path):
    for word in ("Shahed", "Шахед", "Şahid"):
        assert "one-way-attack-drone" in kalkan("list", word, cwd=tmp_path).stdout
    assert "pantsir-s1" in kalkan("list", "pantsir", cwd=tmp_path).stdout
    assert "examples/second-batch.toml" in kalkan("list", cwd=ROOT).stdout


def test_a_system_begins_with_one_screen(tmp_path):
    brief, whole = (kalkan("explain", "s-400", *more, cwd=tmp_path).stdout for more in ((), ("--all",)))
    assert brief.count("\n") <= 40 and whole.count("\n") > 1000
    assert "kalkan explain s-400 --all" in brief


@pytest.mark.parametrize("words", [["--version"], ["-V"], ["version"]])
def test_the_version(tmp_path, words):
    assert kalkan(*words, cwd=tmp_path).stdout.startswith("kalkan 0.")


def test_help_as_a_command(tmp_path):
    assert kalkan("help", cwd=tmp_path).stdout == kalkan("--help", cwd=tmp_path).stdout
    assert kalkan("help", "sweep", cwd=tmp_path).stdout == kalkan("sweep", "--help", cwd=tmp_path).stdout
    assert "First steps:" in kalkan("help", cwd=tmp_path).stdout
    assert 'did you mean "sweep"?' in kalkan("help", "swep", cwd=tmp_path, code=2).stderr


@pytest.mark.parametrize(("word", "meant"), [("simulate", "run"), ("swepe", "sweep"), ("catalogue", "list")])
def test_a_command_that_is_none(tmp_path, word, meant):
    assert f"No such command '{word}' — did you mean \"{meant}\"?" in kalkan(word, cwd=tmp_path, code=2).stderr


def test_no_command_in_the_list_is_cut_short(tmp_path):
    shown = kalkan("--help", cwd=tmp_path, COLUMNS="80").stdout
    assert "..." not in shown[shown.index("Commands:") :]


@pytest.mark.parametrize("name", GROUP.commands)
def test_every_help_has_examples_that_are_understood(name):
    """Click reads each of them as the shell would hand it over; nothing is run."""
    assert EXAMPLES[name]
    shown = GROUP.commands[name].get_help(typer.Context(GROUP.commands[name], info_name=name))
    for example in EXAMPLES[name]:
        assert f"    {example}" in shown.splitlines(), example
        first, command, *words = shlex.split(example.split(" > ")[0])
        assert first == "kalkan" and command == name
        GROUP.commands[name].make_context(name, words)


def test_completion_knows_the_catalogue_and_the_examples(tmp_path):
    assert "one-way-attack-drone" in completed("kalkan explain one")
    assert {"shahed", "shahed-136"} <= set(completed("kalkan list sha"))
    assert completed("kalkan explain 91n6e.scan") == ["91n6e.scan_period"]
    assert "examples/second-batch.toml" in completed("kalkan run examples/s")
    (tmp_path / "raid.toml").write_text("")
    assert completed("kalkan check r", tmp_path) == ["raid.toml"]
    assert {"f-16c", "f-35a"} == set(completed("kalkan coverage raid.toml --target f"))
    assert completed("kalkan new raid.toml --kind sec") == ["second-batch"]
    assert completed("kalkan export out --to cz") == ["czml"]
    assert completed("kalkan run raid.toml --stance manu") == ["manufacturer"]
    assert completed("kalkan swe") == ["sweep"]


@pytest.mark.parametrize("words", ["list", "list shahed", "explain", "help run", "--version"])
def test_what_is_only_read_loads_nothing_heavy(tmp_path, words):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", KALKAN, *words.split()], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert not {line.split("|")[-1].strip() for line in done.stderr.splitlines()} & HEAVY


def test_a_scenario_can_be_watched_at_once(tmp_path):
    """`replay FILE`: a few replications are run first, which a later run goes on with."""
    kalkan("new", "raid.toml", cwd=tmp_path)
    done = kalkan("replay", "raid.toml", "--html", "raid.html", cwd=tmp_path)
    assert "20 replications of raid.toml into out/raid" in done.stderr and "wrote raid.html" in done.stdout
    assert (tmp_path / "raid.html").stat().st_size > 100_000
    kalkan("replay", "raid.toml", "--html", "again.html", "--replication", 3, cwd=tmp_path)
    broken = tmp_path / "raid.toml"
    broken.write_text(broken.read_text().replace('type = "s-400"', 'type = "Patroit"'))
    assert 'did you mean "patriot"' in kalkan("replay", "raid.toml", "--html", "x.html", cwd=tmp_path, code=2).stderr


def test_studies_and_scripts_are_not_silent(tmp_path):
    """Size before the first number; from Python as from the command line."""
    kalkan("new", "raid.toml", cwd=tmp_path)
    words = ("--over", "doctrine.standard.salvo=1,2", "--replications", 2)
    assert kalkan("sweep", "raid.toml", *words, cwd=tmp_path).stderr.startswith("2 evaluations × 2 replications")
    assert kalkan("sweep", "raid.toml", *words, "-q", cwd=tmp_path).stderr == ""
    code = 'import kalkan; kalkan.sweep("raid.toml", "doctrine.standard.salvo=1,2", replications=2{})'
    for more, said in (("", True), (", progress=False", False)):
        words = [sys.executable, "-c", code.format(more)]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0 and ("2 evaluations × 2 replications" in done.stderr) is said


def test_each_command_names_the_next(tmp_path):
    """From `new` to `check` to `run`; and a scenario is not taken for a results folder."""
    assert "check it: kalkan check raid.toml" in kalkan("new", "raid.toml", cwd=tmp_path).stdout
    assert "run it: kalkan run raid.toml" in kalkan("check", "raid.toml", cwd=tmp_path).stdout
    for words in (["show", "raid.toml"], ["report", "raid.toml"], ["compare", "raid.toml", "raid.toml"],
                  ["export", "raid.toml", "--to", "kml"]):  # fmt: skip
        said = " ".join(kalkan(*words, cwd=tmp_path, code=2).stderr.split())
        assert "raid.toml is a file, not the results folder of a run" in said
        assert "out/raid, if it was run: kalkan run raid.toml" in said


@pytest.mark.parametrize(
    "words",
    [["coverage", "raid.toml", "--out", "c.pdf"], ["run", "raid.toml", "--out", "r.HTML"],
     ["sweep", "raid.toml", "--out", "s.csv"], ["exposure", "raid.toml", "--out", "e.png"]],
)  # fmt: skip
def test_a_folder_is_not_called_as_a_file(tmp_path, words):
    kalkan("new", "raid.toml", cwd=tmp_path)
    said = " ".join(kalkan(*words, cwd=tmp_path, code=2).stderr.split())
    assert f"{words[-1]} is called as a file" in said
    assert [p.name for p in tmp_path.iterdir()] == ["raid.toml"]


def test_what_is_called_as_a_file_is_no_folder(tmp_path):
    taken = []
    for name in ("c.pdf", "r.HTML", "s.csv", "batch.2"):
        with contextlib.suppress(typer.BadParameter):
            taken.append(a_folder(tmp_path / name).name)
    assert taken == ["batch.2"]


def test_a_folder_may_have_a_stop_in_its_name_and_an_old_one_stays(tmp_path):
    (tmp_path / "old.csv").mkdir()
    assert a_folder(tmp_path / "second.batch") == tmp_path / "second.batch"
    assert a_folder(tmp_path / "old.csv") == tmp_path / "old.csv" and a_folder(None) is None
