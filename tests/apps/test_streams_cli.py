"""What is printed goes through any stream: no code page, closed or full one costs work. Ctrl-C shows no traceback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kalkan.apps.streams import alike
from tests.apps.test_cli import KALKAN, VARIANT, kalkan

CODE_PAGES = ("cp1252", "cp850", "ascii")
NAME = 'title = "Şehir – Київ, 2 × 4"'


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A scenario with two variants and letters of several scripts, and its run."""
    folder = tmp_path_factory.mktemp("streams")
    kalkan("new", "raid.toml", cwd=folder)
    path = folder / "raid.toml"
    text = path.read_text(encoding="utf-8").replace("replications = 200", "replications = 6") + VARIANT
    path.write_text(text.replace('title = "One site, one raid"', NAME), encoding="utf-8")
    kalkan("run", "raid.toml", "--no-report", "-q", cwd=folder)
    return folder


def printed(folder: Path, page: str, *words: str, code: int = 0) -> str:
    """What a command prints where the output has a code page."""
    given = {**os.environ, "PYTHONIOENCODING": page, "PYTHONUTF8": "0"}
    done = subprocess.run([KALKAN, *words], cwd=folder, env=given, capture_output=True, timeout=300)
    assert done.returncode == code, done.stderr
    assert b"fault" not in done.stderr and b"Traceback" not in done.stderr
    return done.stdout.decode(page)


def bare(text: str) -> str:
    """Without rules and frames of tables, which rich draws by itself where a code page has none."""
    return re.sub(r"[\s+|─━│-]+", "", text)


@pytest.mark.parametrize("words", [
    ("show", "out/raid", "--all"), ("compare", "out/raid", "out/raid"), ("explain", "s-400"), ("timeline",),
    ("run", "raid.toml", "--no-report", "-q"),
])  # fmt: skip
def test_a_code_page_gets_its_own_characters_and_loses_no_other(ran, words):
    whole = printed(ran, "utf-8", *words)
    for page in CODE_PAGES:
        assert bare(printed(ran, page, *words)) == bare(alike(whole, page))


@pytest.mark.parametrize(
    ("text", "page", "shown"),
    [
        ("−3 → ≥ 4 ± 0.5", "cp1252", "-3 -> >= 4 ± 0.5"),
        ("10⁴ m² and 10⁻³", "cp1252", "10^4 m² and 10^-³"),
        ("10⁴ m² and 10⁻³", "ascii", "10^4 m^2 and 10^-3"),
        ("İncirlik, Şırnak", "cp1254", "İncirlik, Şırnak"),
        ("İncirlik, Şırnak", "cp1252", "Incirlik, Sirnak"),
        ("Київ", "cp850", r"\u041a\u0438\u0457\u0432"),
        ("2½ “km” — 5 °", "ascii", r'2\xbd "km" - 5  deg'),
        ("a\udcffb", "utf-8", r"a\udcffb"),
    ],
)
def test_what_is_printed_for_what_a_code_page_lacks(text, page, shown):
    assert alike(text, page) == shown
    shown.encode(page)


def test_a_report_is_written_whatever_the_stream_can_show(ran, tmp_path):
    printed(ran, "cp1252", "run", "raid.toml", "--out", str(tmp_path / "r"), "-q")
    assert (tmp_path / "r" / "report.html").stat().st_size > 100_000


def test_json_keeps_every_character_in_any_code_page(ran):
    whole = json.loads(printed(ran, "utf-8", "show", "out/raid", "--json"))
    assert "Київ" in whole["title"]
    assert all(json.loads(printed(ran, page, "show", "out/raid", "--json")) == whole for page in CODE_PAGES)


def shell(command: str, folder: Path) -> tuple[list[str], str]:
    """Exit codes of a pipeline's parts, and its error stream."""
    done = subprocess.run(
        ["bash", "-c", f'{command}; echo "${{PIPESTATUS[@]}}" >&3', "bash"], cwd=folder, capture_output=True, text=True,
        timeout=300, pass_fds=(3,), preexec_fn=lambda: os.dup2(1, 3),
    )  # fmt: skip
    assert "Traceback" not in done.stderr and "fault" not in done.stderr
    return done.stdout.split("\n")[-2].split(), done.stderr


@pytest.mark.parametrize(
    ("into", "code", "told"),
    [
        ("| head -c 1 > /dev/null", "141", "the output was closed before its end"),
        ("> /dev/full", "2", "the output cannot be written: No space left on device"),
        (">&-", "2", "the output cannot be written: it is closed"),
    ],
)
def test_a_closed_or_full_output_costs_no_work_and_is_said_once(ran, tmp_path, into, code, told):
    codes, error = shell(f"{KALKAN} run raid.toml --out {tmp_path}/r -q --seed 3 {into}", ran)
    assert codes[0] == code and error.strip() == told
    assert (tmp_path / "r" / "report.html").exists()


@pytest.mark.parametrize("into", ["2> /dev/full", "2>&-"])
def test_a_closed_or_full_error_stream_stops_nothing(ran, tmp_path, into):
    codes, _ = shell(f"{KALKAN} run raid.toml --out {tmp_path}/r --no-report --seed 4 > {tmp_path}/said {into}", ran)
    assert codes == ["0"] and "leakers of 16" in (tmp_path / "said").read_text()


WAITING = """
import sys
from kalkan.apps import cli, reporting, start
@cli.app.command()
def wait():
    with reporting.reporting():
        {body}
sys.argv = ["kalkan", "wait"]
start.main()
"""
CASES = {
    "a loop": "print('ready', flush=True)\n        while True: sum(range(9))",
    "c": "import time\n        print('ready', flush=True); time.sleep(60)",
    "made into something else": (
        "print('ready', flush=True)\n        try:\n            while True: sum(range(9))\n"
        "        except BaseException as e: raise ImportError('a library says so') from e"
    ),
    "a callback": (
        "import ctypes\n        @ctypes.CFUNCTYPE(None)\n        def f():\n            print('ready', flush=True)\n"
        "            while True: sum(range(9))\n        f()\n        while True: sum(range(9))"
    ),
}
"""Places in which Ctrl-C finds a command; LLVM calls Python back while it compiles, which cannot raise there."""


def begun(code: str, tmp_path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("case", CASES)
def test_ctrl_c_is_a_word_and_130(case, tmp_path):
    child = begun(WAITING.format(body=CASES[case]), tmp_path)
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGINT)
    _, error = child.communicate(timeout=30)
    assert (child.returncode, error) == (130, "stopped\n")


DEAF = (
    "import os, time\n        said = b'ready\\n'\n        while True:\n"
    "            try: os.write(1, said); time.sleep(60)\n"
    "            except KeyboardInterrupt: said = b'heard\\n'"
)
"""What it says it writes at once and where it is deaf already: a print that is interrupted says its line again."""


def test_a_second_ctrl_c_stops_now(tmp_path):
    """Whatever the first one is doing; and before that it says what a second one would do."""
    child = begun(WAITING.format(body=DEAF), tmp_path)
    for word in ("ready\n", "heard\n"):
        assert child.stdout.readline() == word
        if word == "heard\n":
            assert child.stderr.readline() == "stopping; Ctrl-C once more stops at once\n"
        child.send_signal(signal.SIGINT)
    _, error = child.communicate(timeout=30)
    assert (child.returncode, error) == (130, "stopped\n")


def test_ctrl_c_in_the_first_moments_shows_no_traceback(tmp_path):
    """From when kalkan itself begins; before that it is Python that starts."""
    code = "from kalkan.apps import start\nprint('ready', flush=True)\n"
    code += "import sys\nsys.argv=['kalkan', 'timeline']\nstart.main()"
    for wait_s in (0.02, 0.05, 0.1, 0.2, 0.4):
        child = begun("import signal\nsignal.signal(2, lambda *_: None)\n" + code, tmp_path)
        assert child.stdout.readline() == "ready\n"
        time.sleep(wait_s)
        child.send_signal(signal.SIGINT)
        _, error = child.communicate(timeout=30)
        assert (child.returncode, error) in ((130, "stopped\n"), (0, ""))


LEAVING = """
import os, signal, sys
class Last:
    def __del__(self, kill=os.kill, me=os.getpid()):
        kill(me, 2)
from kalkan.apps import start
sys.argv = ['kalkan', 'version']
sys.kept = Last()
start.main()
"""
"""An interrupt from an object that Python takes away last of all, long after the signals were given back."""


def test_ctrl_c_while_python_leaves_changes_nothing(tmp_path):
    child = begun(LEAVING, tmp_path)
    said, error = child.communicate(timeout=30)
    assert (child.returncode, error) == (0, "")
    assert said.startswith("kalkan ")
