"""Every mistake that a user can make in a scenario file, with the exact text that answers it."""

import tomllib
from pathlib import Path

import pytest

from kalkan import policies
from kalkan.errors import ProblemsError
from kalkan.scenario import load, parse
from kalkan.scenario.reading.files import MAX_BYTES

FOLDER = Path(__file__).parent / "mistakes"
SOUND = (FOLDER / "sound.toml").read_text()
MISTAKES = tomllib.loads((FOLDER / "answers.toml").read_text())["mistake"]


def changed(edits):
    """The sound scenario with some texts exchanged, each once."""
    text = SOUND
    for old, new in edits:
        assert old in text, f"nothing to exchange for {old!r}"
        text = text.replace(old, new, 1)
    return text


def answer(text, **options):
    with pytest.raises(ProblemsError) as caught:
        parse(text, file="raid.toml", **options)
    return str(caught.value)


def test_the_sound_scenario_is_sound():
    assert list(parse(SOUND).variants_resolved()) == ["base", "two"]


def test_there_are_many_and_each_has_its_own_name():
    assert len({m["name"] for m in MISTAKES}) == len(MISTAKES) >= 45


@pytest.mark.parametrize("mistake", MISTAKES, ids=[m["name"] for m in MISTAKES])
def test_mistake(mistake, monkeypatch):
    monkeypatch.setattr(policies, "_KNOWN", {})  # those of other tests are words of this process, too
    lines = mistake["answer"].rstrip("\n").split("\n")
    noun = "problem" if len(lines) == 1 else "problems"
    wanted = [f"raid.toml: {len(lines)} {noun}", *lines]
    assert answer(changed(mistake["exchange"])).split("\n") == wanted


def test_a_far_position_that_fits_when_swapped():
    text = changed([("[37.0, 33.0]", "[112.0, 1.0]")])
    far = text.replace("33.2]", "88.0]").replace("36.5, 88", "1.0, 88").replace("[35.2, 31.0]", "[1.5, 87.0]")
    far = far.replace("[112.0, 1.0]", "[88.0, 1.0]").replace("[36.9, 33.5]", "[1.2, 88.1]")
    assert answer(far) == (
        "raid.toml: 1 problem\n"
        '  line 12  systems "north" · position = [88.0, 1.0]    '
        "lies far from everything else — are latitude and longitude swapped?"
    )


def test_an_absent_terrain_file_is_looked_for_by_name(tmp_path):
    (tmp_path / "hills.tif").write_bytes(b"")
    told = answer(changed([('"flat"', '"hils.tif"')]), base_dir=tmp_path)
    assert told.endswith('did you mean "hills.tif"?')


def file_answer(path):
    with pytest.raises(ProblemsError) as caught:
        load(path)
    return str(caught.value)


def test_absent_file_names_the_nearest(tmp_path):
    (tmp_path / "raid.toml").write_text(SOUND)
    path = tmp_path / "raids.toml"
    assert file_answer(path).startswith(f"{path}: 1 problem\n  file    does not exist — did you mean ")
    assert file_answer(tmp_path / "none" / "x.toml").endswith("\n  file    does not exist")


def test_folder(tmp_path):
    assert file_answer(tmp_path) == f"{tmp_path}: 1 problem\n  file    is a folder, not a file"


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_empty_file(tmp_path, data):
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    wanted = 'is empty; "kalkan new" writes a starter scenario'
    assert file_answer(path) == f"{path}: 1 problem\n  file    {wanted}"


def test_file_that_is_not_utf8(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b'title = "x"\nabout = "\xff"\n')
    wanted = "line 2  file    is not UTF-8 text (byte 0xff); save it as UTF-8"
    assert file_answer(path) == f"{path}: 1 problem\n  {wanted}"


def test_file_beyond_5_mb(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    wanted = "is larger than 5 MB; a scenario never needs that much"
    assert file_answer(path) == f"{path}: 1 problem\n  file    {wanted}"


def test_impossible_file_name():
    assert file_answer("a\0b").endswith("is not a possible file name")


DEEP = ["x = " + "[" * 40 + "]" * 40, "x = " + "[" * 5000, "a" + ".a" * 3000 + " = 1"]


@pytest.mark.parametrize("text", DEEP)
def test_nested_too_deeply(text):
    assert answer(text) == "raid.toml: 1 problem\n  file    is nested too deeply"


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    assert load(path).title == "Mistakes"
