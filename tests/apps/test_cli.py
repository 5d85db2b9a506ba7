"""The real command line, in its own process, with the real engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KALKAN = str(Path(sys.executable).with_name("kalkan"))
VARIANT = '\n[variants.slow-radar]\nlabel = "slow radar"\nassume.91n6e.scan_period = "20 s"\n'


def kalkan(*words: object, cwd: Path, code: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command and insist on its exit code and on the absence of a traceback."""
    done = subprocess.run(
        [KALKAN, *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, **env},
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def file(tmp_path):
    kalkan("new", "raid.toml", cwd=tmp_path)
    path = tmp_path / "raid.toml"
    path.write_text(path.read_text().replace("replications = 200", "replications = 6") + VARIANT)
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """One run of both variants."""
    folder = tmp_path_factory.mktemp("cli")
    kalkan("new", "raid.toml", cwd=folder)
    path = folder / "raid.toml"
    path.write_text(path.read_text().replace("replications = 200", "replications = 6") + VARIANT)
    return folder, kalkan("run", "raid.toml", cwd=folder)


def test_run_prints_the_answer(ran):
    folder, done = ran
    lines = done.stdout.splitlines()
    assert lines[0].startswith("One site, one raid — 2 variants × 6 replications · ")
    assert lines[0].endswith("× real time")
    assert "slow radar" in lines[2] + lines[3]
    assert "(paired)" in "".join(lines[2:12])  # in a table below, where intervals of six replications leave no room
    for words in ("leakers of 16", "killed", "interceptors spent", "seed 1 · intervals: 95 % confidence",
                  "results: out/raid · again: kalkan show out/raid"):  # fmt: skip
        assert words in done.stdout
    assert max(map(len, lines)) <= 100
    assert (folder / "out/raid/ledger.jsonl").exists()


def test_show_prints_the_same_again_and_json_has_the_same_content(ran):
    folder, done = ran
    assert kalkan("show", "out/raid", cwd=folder).stdout == done.stdout
    content = json.loads(kalkan("show", "out/raid", "--json", cwd=folder).stdout)
    assert [v["name"] for v in content["variants"]] == ["base", "slow-radar"]
    leakers, killed = content["tables"][0]["rows"][:2]
    assert leakers["name"] == "leakers of 16"
    for i in range(2):
        assert leakers["values"][i]["n"] == 6
        assert leakers["values"][i]["mean"] + killed["values"][i]["mean"] == pytest.approx(16)
    means = [v["mean"] for v in leakers["values"]]
    assert leakers["differences"][0]["mean"] == pytest.approx(means[1] - means[0])
    assert leakers["differences"][0]["paired"] is True


def test_running_again_computes_nothing_and_says_the_same(ran):
    folder, done = ran
    before = (folder / "out/raid/ledger.jsonl").read_text()
    assert kalkan("run", "raid.toml", "--quiet", cwd=folder).stdout == done.stdout
    assert (folder / "out/raid/ledger.jsonl").read_text() == before


def test_one_thread_and_another_folder_give_the_same_numbers(ran):
    folder, _ = ran
    words = ("run", "raid.toml", "--threads", 1, "--out", "one", "--json", "--no-report")
    again = json.loads(kalkan(*words, cwd=folder).stdout)
    assert again["tables"] == json.loads(kalkan("show", "out/raid", "--json", cwd=folder).stdout)["tables"]


def test_compare_pairs_equal_seeds_and_does_not_pair_others(ran):
    folder, _ = ran
    kalkan("run", "raid.toml", "--seed", 2, "--variant", "base", "--out", "two", "--no-report", cwd=folder)
    same = kalkan("compare", "out/raid", "out/raid", cwd=folder).stdout
    assert "both runs have seed 1: differences are paired over the 6 replications" in same
    other = json.loads(kalkan("compare", "out/raid", "two", "--json", cwd=folder).stdout)
    assert other["difference_columns"] == [{"from": "base [A]", "to": "base [B]", "how": "unpaired"}]
    assert "different seeds (1 and 2)" in other["notes"][0]


def test_another_seed_in_the_same_folder_is_refused(ran):
    folder, _ = ran
    done = kalkan("run", "raid.toml", "--seed", 5, cwd=folder, code=2)
    assert "its seed is 1, not 5" in done.stderr and "--overwrite" in done.stderr
    told = json.loads(kalkan("run", "raid.toml", "--seed", 5, "--json", cwd=folder, code=2).stdout)
    assert "its seed is 1, not 5" in told["problems"][0]["message"]


def test_ctrl_c_says_how_to_go_on_and_going_on_gives_the_same(ran, file):
    folder, _ = ran
    text = file.read_text().replace("replications = 6", "replications = 3000")
    file.write_text(text)
    child = subprocess.Popen(
        [KALKAN, "run", "raid.toml"],
        cwd=file.parent,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    ledger = file.parent / "out/raid/ledger.jsonl"
    deadline = time.monotonic() + 500
    while not ledger.exists() and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=120)
    assert child.returncode == 130
    assert "Traceback" not in err
    last = err.strip().splitlines()[-1]
    assert last.startswith("kept ")
    assert last.endswith("of 6,000 replications; to go on: kalkan run raid.toml --out out/raid")
    first_six = kalkan("run", "raid.toml", "--replications", 6, "--json", "--no-report", cwd=file.parent).stdout
    shown = json.loads(kalkan("show", "out/raid", "--json", cwd=folder).stdout)
    assert json.loads(first_six)["tables"] == shown["tables"]


def test_a_broken_scenario_shows_all_problems_and_no_traceback(file):
    text = file.read_text().replace('type = "s-400"', 'type = "s400"').replace("count = 16", "count = 0")
    file.write_text(text)
    for command in ("check", "run"):
        done = kalkan(command, "raid.toml", cwd=file.parent, code=2)
        assert "raid.toml: 2 problems" in done.stderr and "s-400" in done.stderr
        told = json.loads(kalkan(command, "raid.toml", "--json", cwd=file.parent, code=2).stdout)
        assert [p["file"] for p in told["problems"]] == ["raid.toml"] * 2
        assert all(p["line"] > 0 for p in told["problems"])


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["run"], "Missing argument 'FILE'"),
        (["run", "none.toml"], "none.toml"),
        (["run", "."], "problem"),
        (["check", "none.toml"], "none.toml"),
        (["run", "raid.toml", "--replications", "many"], "Invalid value for '--replications'"),
        (["run", "raid.toml", "--replications", "0"], "must be a whole number from 1"),
        (["run", "raid.toml", "--variant", "best"], '"best" is not a variant; there are base, slow-radar'),
        (["run", "raid.toml", "--speed", "1"], "No such option: --speed"),
        (["run", "raid.toml", "--out", "raid.toml/x"], "raid.toml/x cannot be written"),
        (["show", "none"], "none does not exist"),
        (["show", "."], "is not a kalkan results folder"),
        (["compare", "none", "none"], "none does not exist"),
        (["explain", "s-500"], "s-400"),
        (["explain", "s-400", "--catalogue", "none.toml"], "none.toml"),
        (["explain", "s-400", "--stance", "lo"], "low"),
        (["explain", "."], "not one of kalkan's results"),
        (["timeline", "secnd_batch_status"], "second_batch_status"),
        (["timeline", "raid.toml"], "[[batches]] say what comes when"),
        (["timeline", "none.toml"], "does not exist"),
        (["timeline", "second_batch", "--out", "x"], "name its file before it"),
        (["timeline", "raid.toml", "--out", "x.png"], "is called as a file"),
        (["check", "raid.toml", "--catalogue", "none.toml"], "none.toml"),
        (["run", "raid.toml", "--stance", "manufactrer"], "manufacturer"),
        (["new", "raid.toml"], "is there already"),
        (["new", "none/raid.toml"], "No such file or directory"),
        (["new", "x.toml", "--kind", "huge"], "must be one of small, second-batch"),
        (["replicate"], "No such command 'replicate'"),
    ],
)
def test_mistakes_are_told_on_the_error_stream(file, words, text):
    done = kalkan(*words, cwd=file.parent, code=2)
    assert text in done.stderr
    assert done.stdout == ""


def test_stances_side_by_side_are_paired_under_each(file):
    words = ("run", "raid.toml", "--stance", "low,manufacturer", "--replications", 4, "--json")
    content = json.loads(kalkan(*words, cwd=file.parent).stdout)
    assert content["columns"] == ["base, low", "slow radar, low", "base, manufacturer", "slow radar, manufacturer"]
    pairs = [(d["from"], d["to"], d["how"]) for d in content["difference_columns"]]
    assert pairs == [(f"base, {s}", f"slow radar, {s}", "paired") for s in ("low", "manufacturer")]
    leakers = [v["mean"] for v in content["tables"][0]["rows"][0]["values"]]
    assert leakers[0] > leakers[2]
    used = json.loads(kalkan("explain", "out/raid", "--json", cwd=file.parent).stdout)
    assert [v["stance"] for v in used["variants"]] == ["low", "low", "manufacturer", "manufacturer"]


def test_the_timeline_of_a_file_tells_and_draws_its_batches(file):
    text = 'as_of = "2026-01-01"\n' + file.read_text()
    text += '\n[[batches]]\nname = "first"\nsystems = ["north"]\ndelivered = "s-400-deal.first_delivery"\n'
    (file.parent / "batch.toml").write_text(text)
    told = kalkan("timeline", "batch.toml", "--out", "drawn", cwd=file.parent).stdout
    assert "2019-07-25" in told and "as of 2026-01-01 (base)" in told and "Bianet" in told
    content = json.loads(kalkan("timeline", "batch.toml", "--out", "drawn", "--json", cwd=file.parent).stdout)
    assert content["groups"][0]["deliveries"][0]["delivered"]["day"] == "2019-07-25"
    assert [Path(f).name for f in content["files"]] == ["readiness.png", "readiness.svg"]
    assert all((file.parent / f).stat().st_size > 1000 for f in content["files"])


def test_new_never_overwrites(file):
    before = file.read_text()
    kalkan("new", "raid.toml", cwd=file.parent, code=2)
    assert file.read_text() == before


def test_every_starter_is_sound(tmp_path):
    for kind in ("small", "second-batch"):
        kalkan("new", f"{kind}.toml", "--kind", kind, cwd=tmp_path)
        assert "no problems" in kalkan("check", f"{kind}.toml", cwd=tmp_path).stdout
    assert json.loads(kalkan("check", "small.toml", "--json", cwd=tmp_path).stdout) == {"problems": [], "foreseen": []}


def test_explain_schema_and_version(tmp_path):
    assert "92N6E" in kalkan("explain", "s-400", cwd=tmp_path).stdout
    assert json.loads(kalkan("explain", "91n6e.scan_period", "--json", cwd=tmp_path).stdout)["quantities"]
    high = json.loads(kalkan("explain", "91n6e.scan_period", "--stance", "high", "--json", cwd=tmp_path).stdout)
    assert high["stance"] == "high" and high["quantities"][0]["cases"][0]["value_si"] == 6
    statements = json.loads(kalkan("timeline", "second_batch", "--json", cwd=tmp_path).stdout)["statements"]
    assert any(s["contradicts"] for s in statements)
    assert json.loads(kalkan("schema", cwd=tmp_path).stdout)["title"] == "kalkan scenario"
    assert kalkan("version", cwd=tmp_path).stdout.startswith("kalkan 0.")


@pytest.mark.parametrize(
    "words", ["--help", "check raid.toml", "explain s-400", "schema", "version", "new x.toml"]
)
def test_light_commands_load_nothing_heavy(file, words):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", KALKAN, *words.split()],
        cwd=file.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    loaded = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"numba", "scipy", "xarray", "zarr", "rasterio", "pandas"}


def test_a_fault_is_one_line_unless_debugging(file):
    code = (
        "import sys; from kalkan.apps import cli; import kalkan.scenario as s\n"
        "def broken(*_, **__): raise RuntimeError('gears\\nground')\n"
        "s.load = broken; sys.argv = ['kalkan', 'check', 'raid.toml']; cli.main()"
    )
    for debug in (False, True):
        env = {k: v for k, v in os.environ.items() if k != "KALKAN_DEBUG"} | (
            {"KALKAN_DEBUG": "1"} if debug else {}
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=file.parent, capture_output=True, text=True, env=env
        )
        assert done.returncode == 1
        assert ("Traceback" in done.stderr) is debug
        assert debug or "kalkan has a fault: RuntimeError: gears ground" in done.stderr
