"""Studies on the real command line: a sweep, stopping, a small propagation, rare leaks, and what is refused."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

import kalkan
import kalkan.errors
from tests.apps.test_cli import VARIANT
from tests.apps.test_cli import kalkan as kalkan_cli


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small starter, a slow radar beside it, four raiders."""
    made = tmp_path_factory.mktemp("studies")
    kalkan_cli("new", "raid.toml", cwd=made)
    path = made / "raid.toml"
    text = path.read_text().replace("replications = 200", "replications = 8").replace("count = 16", "count = 4")
    path.write_text(text + VARIANT)
    return made


def test_sweep_writes_tables_and_figures_and_remembers(folder: Path) -> None:
    words = ("sweep", "raid.toml", "--over", "doctrine.standard.salvo=1,2", "--json", "-q")
    content = json.loads(kalkan_cli(*words, cwd=folder).stdout)
    assert [p["at"] for p in content["points"]] == [{"doctrine.standard.salvo": 1}, {"doctrine.standard.salvo": 2}]
    assert set(content["points"][0]["variants"]) == {"base", "slow radar"}
    spent = [p["variants"]["base"]["spent"]["mean"] for p in content["points"]]
    assert spent[0] < spent[1]
    for name in content["files"]:
        assert (folder / name).stat().st_size > 500
    plain = json.loads(kalkan_cli("run", "raid.toml", "--json", "-q", cwd=folder).stdout)
    leakers = plain["tables"][0]["rows"][0]["values"][0]["mean"]
    assert content["points"][1]["variants"]["base"]["leakers"]["mean"] == leakers, "the same replications as a run"
    before = {p.name: p.stat().st_mtime_ns for p in (folder / "out/raid-studies/points").iterdir()}
    again = json.loads(kalkan_cli(*words, cwd=folder).stdout)
    assert again["points"] == content["points"]
    assert {p.name: p.stat().st_mtime_ns for p in (folder / "out/raid-studies/points").iterdir()} == before


def test_a_map_in_two_dimensions(folder: Path) -> None:
    done = kalkan_cli(
        "sweep", "raid.toml", "--over", "doctrine.standard.salvo=1,2", "--over", "48n6e3.kill_probability=0.5,0.9",
        "--of", "spent", "--replications", "4", "-q", cwd=folder,
    )  # fmt: skip
    assert "interceptors spent" in done.stdout and done.stdout.count("±") >= 4
    assert (folder / "out/raid-studies/sweep.svg").exists()


def test_the_same_as_functions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    words = ("sweep", "raid.toml", "--over", "doctrine.standard.salvo=1,2", "--json", "-q")
    told = json.loads(kalkan_cli(*words, cwd=folder).stdout)
    found = kalkan.sweep("raid.toml", "doctrine.standard.salvo=1,2")
    assert found.answer.points == [(1,), (2,)] and found.answer.values[0][0]["leakers"].low >= 0.0
    assert {k: v for k, v in told.items() if k != "files"} == json.loads(json.dumps(found.content))
    assert "slow radar − base" in repr(found) and "±" in repr(found)
    assert "<svg" in found._repr_html_() and "<script" not in found._repr_html_()
    assert (folder / "out/raid-studies/sweep.csv") in [folder / f for f in found.save()]
    until = kalkan.run("raid.toml", until="spent ± 3", out="until-function")
    assert {r.replications.size for r in until.records.values()} == {100}
    with pytest.raises(kalkan.errors.ProblemsError, match="every draw has a stance of its own"):
        kalkan.propagate("raid.toml", stance="low")


def test_until(folder: Path) -> None:
    words = ("run", "raid.toml", "--until", "spent ± 3", "--out", "until", "--json", "-q")
    content = json.loads(kalkan_cli(*words, cwd=folder).stdout)
    assert content["stopping"]["reached"] and content["stopping"]["replications"] == 100
    assert "under sequential looking" in " ".join(content["notes"])
    assert "stopping" in json.loads(kalkan_cli("show", "until", "--json", cwd=folder).stdout)


def test_a_sweep_over_what_a_variant_sets_keeps_the_variant_and_says_so(folder: Path) -> None:
    words = ("sweep", "raid.toml", "--over", "91n6e.scan_period=6 s,60 s", "--replications", "4", "-q")
    content = json.loads(kalkan_cli(*words, "--json", cwd=folder).stdout)
    assert content["kept"] == {"91n6e.scan_period": ["slow radar"]}
    first, second = ([p["variants"][v] for p in content["points"]] for v in ("base", "slow radar"))
    assert second[0] == second[1], "its own value at every point"
    assert first[0] != first[1]
    assert "“slow radar” sets 91n6e.scan_period itself and keeps its own value at every point." in " ".join(
        kalkan_cli(*words, cwd=folder).stdout.split()
    )
    asked = ("break-even", "raid.toml", "91n6e.scan_period=5 s..20 s", "--when", "leakers difference = 1", "-q")
    refused = kalkan_cli(*asked, cwd=folder, code=2)
    assert '"slow radar" sets 91n6e.scan_period itself' in refused.stderr


def test_a_run_says_what_is_not_known(folder: Path) -> None:
    words = ("run", "raid.toml", "--out", "drawn", "--draws", "4", "-q")
    content = json.loads(kalkan_cli(*words, "--json", cwd=folder).stdout)
    assert content["unknown"]["asked"] and content["unknown"]["draws"] == 4
    found = kalkan.run(folder / "raid.toml", out=folder / "same", unknown=4)
    assert json.loads(json.dumps(found.summary()["unknown"])) == content["unknown"]
    assert "4 draws × 2" in kalkan_cli("show", "drawn", cwd=folder).stdout
    left_out = kalkan_cli("run", "raid.toml", "--out", "plain", "--no-unknown", "-q", cwd=folder).stdout
    assert "what is not known was not asked: this run drew no claims; kalkan propagate asks" in left_out
    assert not (folder / "plain" / "unknown.json").exists()


def test_propagate(folder: Path) -> None:
    words = ("propagate", "raid.toml", "--draws", "8", "--inner", "3", "--json", "-q")
    content = json.loads(kalkan_cli(*words, cwd=folder).stdout)
    assert content["draws"] == 8 and content["replications_per_draw"] == 3
    assert "on average over the claims; in all 8 draws of the claims by " in content["answer"]
    told = content["differences"]["slow radar − base"]["leakers"]
    assert told["low"] <= told["high"] and told["chance"] >= 0.0
    assert told["mean_interval"]["low"] < told["mean"] < told["mean_interval"]["high"]
    for variant in content["variants"].values():
        assert 0.0 <= variant["p_no_leaker"]["low"] <= variant["p_no_leaker"]["high"] <= 1.0
    assert content["drivers"]


def test_a_run_under_sampled_is_a_propagation(folder: Path) -> None:
    wanted = ("--replications", "256", "-q", "--json")
    run = json.loads(kalkan_cli("run", "raid.toml", "--stance", "sampled", *wanted, cwd=folder).stdout)
    assert run == json.loads(kalkan_cli("propagate", "raid.toml", "--budget", "256", "-q", "--json", cwd=folder).stdout)
    assert "draws of the claims" in run["answer"] and run["draws"] * run["replications_per_draw"] >= 128


def test_rare(folder: Path) -> None:
    words = ("rare", "raid.toml", "--replications", "60", "--variant", "base", "--json", "-q")
    (found,) = json.loads(kalkan_cli(*words, cwd=folder).stdout)["variants"]
    assert 0.0 <= found["p_any_leaker"]["low"] <= found["p_any_leaker"]["high"]


def test_break_even(folder: Path) -> None:
    done = kalkan_cli(
        "break-even", "raid.toml", "doctrine.standard.salvo=1..6", "--when", "spent = 10", "--variant", "base", "-q",
        cwd=folder,
    )  # fmt: skip
    assert "interceptors spent crosses 10 at doctrine.standard.salvo =" in done.stdout


def test_saturation_is_drawn_in_the_report(folder: Path) -> None:
    words = ("saturation", "raid.toml", "--times", "1,2,4,8", "--json", "-q")
    told = json.loads(kalkan_cli(*words, cwd=folder).stdout)
    assert [c["variant"] for c in told["curves"]] == ["base", "slow radar"]
    assert all(c["sizes"] == [4, 8, 16, 32] and len(c["leakers"]) == 4 for c in told["curves"])
    assert told["answer"].count("\n") == 1 and all((folder / name).stat().st_size > 100 for name in told["files"])
    kalkan_cli("run", "raid.toml", "-q", cwd=folder)
    kalkan_cli("report", "out/raid", cwd=folder)
    page = html.unescape((folder / "out/raid/report.html").read_text())
    assert "How large a raid it takes" in page and told["answer"].splitlines()[0] in page
    mean = told["curves"][0]["leakers"][1]["mean"]
    assert f'data-mean="{mean}"' in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["saturation", "raid.toml", "--times", "1,2,2,3"], "must rise"),
        (["saturation", "raid.toml", "--times", "1,2"], "from 4 to 40 factors"),
        (["saturation", "raid.toml", "--times", "1,2,3,many"], "numbers above 0"),
        (["saturation", "raid.toml", "--times", "1,2,3,900"], "at most 2,000 are allowed"),
        (["sweep", "raid.toml", "--over", "raids.cruise.count=1,2"], "only defence parameters and claims"),
        (["sweep", "raid.toml", "--over", "doctrine.standard.salvo=1,99"], "between 1 and 8"),
        (["sweep", "raid.toml", "--over", "doctrine.standard.salvo=1,2", "--of", "leekers"], 'did you mean "leakers"'),
        (["propagate", "raid.toml", "--draws", "1"], "--draws"),
        (["propagate", "raid.toml", "--of", "orders"], "is not one of"),
        (["sensitivity", "raid.toml", "--base", "12"], "power of 2"),
        (["break-even", "raid.toml", "48n6e3.kill_probability=0.9", "--when", "leakers = 1"], "is not a range"),
        (["break-even", "raid.toml", "doctrine.standard.salvo=1..3", "--when", "leakers"], "should read like"),
        (["run", "raid.toml", "--until", "leakers 3"], "is not a measure and a number"),
        (["rare", "raid.toml", "--replications", "5"], "at least 20"),
        (["run", "raid.toml", "--stance", "sampled", "--until", "leakers ± 1"], "means nothing under --stance sampled"),
    ],
)
def test_refused_in_words(folder: Path, words: list[str], told: str) -> None:
    done = kalkan_cli(*words, cwd=folder, code=2)
    assert told in done.stderr
