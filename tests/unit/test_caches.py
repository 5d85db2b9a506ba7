"""What is kept on disk and may be made again: where, and that damage is noticed before it is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
import typer

from kalkan import linking
from kalkan.apps.reporting import reporting
from kalkan.caches import Caches, _caches, matplotlib_has_a_folder
from kalkan.earth import horizon_files
from kalkan.errors import KalkanError
from tests.unit.unprivileged import needs_a_plain_user, unprivileged

if not linking.is_plain():
    from kalkan import machine_code
ours = pytest.mark.skipif(linking.is_plain(), reason="numba keeps its files its own way")

ASK = """
import json, sys
import tests.unit.kept_kernels as k
from kalkan.caches import caches
print(json.dumps([k.twice(1.5), dict(k.twice.stats.cache_hits) != {}, str(caches().root), caches().told]))
"""


def ask(cache: Path, plain_user: bool = False, **environment: str) -> list:
    """What a new process says of one small program: its answer, whether it was fetched, and where from."""
    given = {**os.environ, "KALKAN_CACHE_DIR": str(cache), "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    words = [sys.executable, "-c", ASK]
    done = subprocess.run(
        unprivileged(words) if plain_user else words, env=given, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def flipped(content: bytes, i: int) -> bytes:
    return content[:i] + bytes([content[i] ^ 0x10]) + content[i + 1 :]


@ours
def test_damaged_machine_code_is_made_again(tmp_path):
    """A bit of the index or of the code, a file cut short: the answer is the same, and then it is kept again."""
    assert ask(tmp_path)[:2] == [4.0, False]
    assert ask(tmp_path)[:2] == [4.0, True]
    (index,), (code,) = (list(tmp_path.glob(f"code/*/*/*twice*.{suffix}")) for suffix in ("nbi", "nbc"))
    half = len(code.read_bytes()) // 2
    damages = (index, lambda b: flipped(b, 40)), (code, lambda b: flipped(b, half)), (code, lambda b: b[:half])
    for file, damage in damages:
        file.write_bytes(damage(file.read_bytes()))
        assert machine_code.damaged(tmp_path) == [file]
        assert ask(tmp_path)[:2] == [4.0, False], "compiled again"
        assert not machine_code.damaged(tmp_path)
    assert ask(tmp_path)[:2] == [4.0, True], "and kept"


@ours
def test_every_bit_of_a_kept_file_counts(tmp_path):
    file = machine_code.CodeFile(str(tmp_path), "some", "of this source")
    file.save("key", b"code")
    (index,), (code,) = (list(tmp_path.glob(f"*.{suffix}")) for suffix in ("nbi", "nbc"))
    assert file.load("key") == b"code"
    for path in (index, code):
        whole = path.read_bytes()
        for i in range(len(whole)):
            path.write_bytes(flipped(whole, i))
            assert file.load("key") is None and machine_code.damaged(tmp_path) == [path]
        for other in (b"", whole[:-1], whole + b"\0"):
            path.write_bytes(other)
            assert file.load("key") is None
        path.write_bytes(whole)
    assert file.load("key") == b"code"


@ours
def test_marks_beside_damaged_code_are_not_believed(tmp_path):
    """Else it would be compiled again without a word, and without the lock."""
    ask(tmp_path)
    (folder,) = (tmp_path / "code").iterdir()
    (file,) = folder.glob("*/*.nbc")
    for part in ("plans", "loop"):
        (folder / f"ready-{part}").touch()
    asked = "from kalkan.engine.warm import engine_is_compiled as f; print(f(), f())"
    given = {**os.environ, "KALKAN_CACHE_DIR": str(tmp_path)}

    def said() -> str:
        return subprocess.run([sys.executable, "-c", asked], env=given, capture_output=True, text=True).stdout.strip()

    assert said() == "True True"
    file.write_bytes(flipped(file.read_bytes(), 500))
    assert said() == "False False"
    assert not file.exists() and not list(folder.glob("ready-*"))


@ours
@needs_a_plain_user
def test_a_folder_that_cannot_be_written_is_read_as_it_is(tmp_path):
    shared, temporary = tmp_path / "shared", tmp_path / "tmp"
    ask(shared)
    before = {p: p.read_bytes() for p in shared.rglob("*") if p.is_file()}
    temporary.mkdir()
    temporary.chmod(0o777)
    subprocess.run(["chmod", "-R", "a-w", str(shared)], check=True)
    answer, fetched, root, told = ask(shared, plain_user=True, TMPDIR=str(temporary))
    assert (answer, fetched) == (4.0, True)
    assert root.startswith(f"{temporary}/kalkan-") and str(shared) in told and "KALKAN_CACHE_DIR" in told
    assert {p: p.read_bytes() for p in shared.rglob("*") if p.is_file()} == before


@needs_a_plain_user
def test_an_empty_one_costs_one_compilation_and_no_more(tmp_path):
    """What is not in it is kept in a temporary folder, which the next process finds."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    temporary.chmod(0o777)
    nowhere = tmp_path / "nowhere"
    tmp_path.chmod(0o755)
    asked = [ask(nowhere, plain_user=True, TMPDIR=str(temporary))[1] for _ in range(2)]
    assert asked == [False, True] and not nowhere.exists()
    (mine,) = temporary.iterdir()
    assert mine.stat().st_mode & 0o777 == 0o700, "what is run from it, no other user may have written"


@needs_a_plain_user
def test_somebody_elses_temporary_folder_is_not_trusted(tmp_path):
    """Nor is nothing written anywhere a fault: the shared folder is read, and the rest compiled each time."""
    shared, temporary = tmp_path / "shared", tmp_path / "tmp"
    shared.mkdir()
    (temporary / "kalkan-65534").mkdir(parents=True)
    (temporary / f"kalkan-{os.getuid()}").mkdir(exist_ok=True)
    for folder in (temporary, *temporary.iterdir()):
        folder.chmod(0o777)
    answer, fetched, root, told = ask(shared, plain_user=True, TMPDIR=str(temporary))
    assert (answer, fetched, root) == (4.0, False, str(shared)) and "nothing is kept" in told
    assert not [p for p in temporary.rglob("*") if p.is_file()]


def test_without_any_folder_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr("kalkan.caches._temporary", lambda: None)
    with pytest.raises(KalkanError, match=r"cannot be written.*let KALKAN_CACHE_DIR name a folder"):
        _caches(str(tmp_path / "file" / "below"))
    assert _caches(str(tmp_path / "new")) == Caches(tmp_path / "new", (tmp_path / "new",))


@needs_a_plain_user
@pytest.mark.parametrize("home", ["locked", "free"])
def test_pictures_are_drawn_without_a_word_of_matplotlibs_where_the_home_cannot_be_written(home):
    draw = "import kalkan.caches as c; c.matplotlib_has_a_folder(); import matplotlib as m; print(m.get_configdir())"
    given = {k: v for k, v in os.environ.items() if not k.startswith(("MPL", "XDG"))}
    with tempfile.TemporaryDirectory() as above:  # not below pytest's own, which a plain user cannot enter
        cache, theirs = (Path(above) / name for name in ("cache", "home"))
        for folder in (cache.parent, cache, theirs):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o777 if folder == cache or home == "free" else 0o755)
        given |= {"HOME": str(theirs), "KALKAN_CACHE_DIR": str(cache), "PYTHONPATH": os.pathsep.join(sys.path)}
        words = unprivileged([sys.executable, "-c", draw])
        done = subprocess.run(words, env=given, capture_output=True, text=True, timeout=120)
    assert done.stderr == "" and Path(done.stdout.strip()).is_relative_to(cache if home == "locked" else theirs)


@needs_a_plain_user
def test_pictures_are_drawn_without_a_word_where_nothing_is_kept(tmp_path):
    """The home is locked, and the temporary folder of this user's is another's: matplotlib's goes with the process."""
    draw = "import kalkan.caches as c; c.matplotlib_has_a_folder(); import matplotlib as m; print(m.get_configdir())"
    given = {k: v for k, v in os.environ.items() if not k.startswith(("MPL", "XDG"))}
    with tempfile.TemporaryDirectory() as above:
        locked, temporary = Path(above) / "locked", Path(above) / "tmp"
        for folder in (locked, temporary, temporary / "kalkan-65534", temporary / f"kalkan-{os.getuid()}"):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755 if folder == locked else 0o777)
        Path(above).chmod(0o755)
        given |= {"HOME": str(locked), "KALKAN_CACHE_DIR": str(locked), "TMPDIR": str(temporary)}
        given |= {"PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            unprivileged([sys.executable, "-c", draw]), env=given, capture_output=True, text=True, timeout=120
        )
        folder = Path(done.stdout.strip())
        assert done.stderr == "" and folder.parent == temporary and folder.name.startswith("kalkan-")
        assert not folder.exists(), "it is gone with the process"


def test_where_no_folder_can_be_made_none_is_named(monkeypatch):
    def refused(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refused)
    monkeypatch.setattr("kalkan.caches._hindrance", lambda _: "locked")
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    _caches.cache_clear()
    matplotlib_has_a_folder()
    _caches.cache_clear()
    assert "MPLCONFIGDIR" not in os.environ


def test_matplotlibs_own_sentence_is_told_as_kalkans(capsys):
    with pytest.raises(typer.Exit) as end, reporting():
        raise OSError("Matplotlib requires access to a writable cache directory; set the MPLCONFIGDIR environment …")
    assert end.value.exit_code == 2
    assert capsys.readouterr().err == (
        "pictures need a folder that can be written, if for this process: let TMPDIR or MPLCONFIGDIR name one\n"
    )


def test_a_user_without_a_home_gets_no_folder_named_tilde(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = _caches("~/.cache/kalkan")
    assert found.root == tmp_path / f"kalkan-{os.getuid()}" and "no home folder" in found.told
    assert not (tmp_path / "~").exists()


def test_every_bit_of_a_horizon_table_counts(tmp_path):
    """Its header, its heights, its antenna, its checksum: whatever is flipped, it is not the table that was kept."""
    table = np.arange(12, dtype=np.float32).reshape(3, 4)
    file = tmp_path / "t.npy"
    horizon_files.write(file, table, 123.25)
    whole = file.read_bytes()
    found = horizon_files.read(file, 3, 4)
    assert np.array_equal(found[0], table) and found[1] == 123.25
    assert np.array_equal(np.load(file)[:12], table.ravel()), "a file that NumPy reads"
    for i in range(len(whole)):
        for bit in range(8):
            file.write_bytes(whole[:i] + bytes([whole[i] ^ 1 << bit]) + whole[i + 1 :])
            assert horizon_files.read(file, 3, 4) is None, f"bit {bit} of byte {i}"
    for other in (b"", whole[:-1], whole + b"\0"):
        file.write_bytes(other)
        assert horizon_files.read(file, 3, 4) is None


def test_a_table_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(OSError, match="No space"):
        horizon_files.write(tmp_path / "t.npy", np.zeros((2, 2), np.float32), 1.0)
    assert not list(tmp_path.iterdir())
