"""Data files of a user's own: read, written back the same, and every mistake told in words."""

import copy
import math
import tomllib

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalkan.catalogue import Catalogue, as_toml, load_catalogue, read_catalogue
from kalkan.errors import ProblemsError

CAT = load_catalogue()
MINE = """\
[sources.me]
claimant = "My institute"
kind = "independent-analysis"
title = "A report"
url = "https://example.org/report"
date = "2026-05-01"
version = "2nd edition"
origin = "me"
verified = "seen"

[91n6e.scan_period]
claims = [
  { value = 10, low = 8, high = 12, unit = "s", source = "me", note = "seen in a film" },
]

[my-drone]
kind = "air vehicle"
name = "My drone"
level = "air vehicle"

[my-drone.rcs]
conflict = "X"
claims = [
  { value = 0.05, unit = "m2", band = ["S", "X"], aspect = "nose", source = "me" },
]
"""


# the same file made to stand alone, so that no example reads all of kalkan's own data
ALONE = MINE.replace("[91n6e.scan", '[91n6e]\nkind = "deal"\nname = "N"\nlevel = "deal"\n\n[91n6e.scan').replace(
    'kind = "air vehicle"', 'kind = "deal"'
)
TREE = tomllib.loads(ALONE)


def written(tmp_path, text):
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def content(catalogue: Catalogue):
    """Everything that a catalogue says, to 14 digits."""

    def plain(v):
        return float(f"{v:.14g}") if isinstance(v, float) else v

    return {
        (e.id, q.name): (
            e.name, e.kind, e.about, q.level, dict(q.default), dict(q.conditions_from), dict(q.contradicts),
            q.conflict, q.about,
            [
                {f: plain(getattr(c, f)) for f in c.__slots__ if f != "conditions"} | {"at": dict(c.conditions)}
                for c in q.claims
            ],
        )
        for e in catalogue.entries.values()
        for q in e.quantities.values()
    }  # fmt: skip


def test_the_whole_catalogue_reads_back_as_it_is_written(tmp_path):
    text = as_toml(CAT)
    again = read_catalogue([written(tmp_path, text)])
    assert content(again) == content(CAT)
    assert as_toml(again) == text


def test_some_entries_are_written_with_the_sources_that_they_cite(tmp_path):
    text = as_toml(CAT, ["s-400-deal"])
    tree = tomllib.loads(text)
    assert set(tree) == {"sources", "s-400-deal"} and "mikheyev" in tree["sources"]
    assert content(read_catalogue([written(tmp_path, text)])).keys() == {
        k for k in content(CAT) if k[0] == "s-400-deal"
    }


@given(value=st.floats(1e-9, 1e9), unit=st.sampled_from(["s", "ms", "min", "h"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_figure_survives_the_round_trip(tmp_path, value, unit):
    text = ALONE.replace("10, low = 8, high = 12", repr(value)).replace('unit = "s"', f'unit = "{unit}"')
    mine = read_catalogue([written(tmp_path, text)])
    claim = mine.quantity("91n6e", "scan_period").claims[-1]
    tree = tomllib.loads(as_toml(mine, ["91n6e"]))
    row = tree["91n6e"]["scan_period"]["claims"][-1]
    assert row["unit"] == unit and math.isclose(row["value"], value, rel_tol=1e-14)
    assert claim.version == "2nd edition"


def test_a_file_that_changes_is_read_again(tmp_path):
    file = written(tmp_path, MINE.split("[my-drone]")[0])
    assert load_catalogue([file]).quantity("91n6e", "scan_period").claims[-1].value == 10
    file.write_text(MINE.split("[my-drone]")[0].replace("value = 10", "value = 11.5"))
    assert load_catalogue([file]).quantity("91n6e", "scan_period").claims[-1].value == 11.5


# ------------------------------------------------------------------ mistakes

COMPLETE = MINE.split("[my-drone]")[0]
MISTAKES = [
    ('kind = "independent-analysis"', 'kind = "expert"', 1, "kind is one of independent-analysis"),
    ('date = "2026-05-01"', 'date = "2026-13-01"', 1, 'date is "undated" or like'),
    ('date = "2026-05-01"', "date = 2026-05-01", 1, "date must be text in quotes"),
    ('url = "https://example.org/report"', 'url = "example"', 1, "is not a web address"),
    ('origin = "me"\n', "", 1, "needs origin"),
    ("[sources.me]", "[sources.me]\nmood = 1", 1, 'does not know "mood"'),
    ("[91n6e.scan_period]", "[91n6.scan_period]", 11, "needs kind"),
    ("[91n6e.scan_period]", "[91n6e.scan_perod]", 11, 'did you mean "scan_period"'),
    ("claims = [", 'level = "launcher"\nclaims = [', 11, "only claims can be added, not level"),
    ("[91n6e.scan_period]", '[91n6e]\nname = "x"\n[91n6e.scan_period]', 11, "is there already: leave out name"),
    ('unit = "s", source', 'unit = "km", source', 13, 'unit "km" does not fit'),
    ("low = 8", "low = 80", 13, "not in order"),
    ("value = 10", "value = nan", 13, "must be numbers"),
    ("value = 10", "value = true", 13, "must be numbers"),
    ("value = 10, low = 8, high = 12", "low = 8", 13, "needs a value, or low and high"),
    ('source = "me", note', 'source = "mee", note', 13, 'did you mean "me"'),
    ('note = "seen', 'conflict = "Q", note = "seen', 13, "conflict letters are"),
    ('note = "seen', 'conflict = "U", note = "seen', 13, "needs its reason in excluded"),
    ('note = "seen', 'level = "galaxy", note = "seen', 13, "level is one of"),
    ('note = "seen', 'at = { colour = "red" }, note = "seen', 13, 'does not know the condition "colour"'),
    ('note = "seen', 'at = { rcs_m2 = "big" }, note = "seen', 13, "rcs_m2 must be a number"),
    ('note = "seen', 'at = 5, note = "seen', 13, "at is a table"),
    ('note = "seen', 'aspect = "top", note = "seen', 13, "aspect is one of nose, beam, tail"),
    ('note = "seen', 'kind = "assumption", low = 1, note = "seen', 13, "Duplicate inline table key"),
    ("{ value = 10", "{ valu = 10", 13, 'does not know "valu"'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "told"), MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, line, told):
    assert old in COMPLETE
    with pytest.raises(ProblemsError) as caught:
        load_catalogue([written(tmp_path, COMPLETE.replace(old, new, 1))])
    problems = caught.value.problems
    assert told in " / ".join(p.message for p in problems), problems
    assert {p.file for p in problems} == {str(tmp_path / "mine.toml")}
    shift = new[: new.rfind("claims")].count("\n") if "claims = [" in new else 0
    assert line in {p.line - shift for p in problems} | {p.line for p in problems}


def test_an_incomplete_entry_is_told_at_its_place(tmp_path):
    with pytest.raises(ProblemsError) as caught:
        load_catalogue([written(tmp_path, MINE)])
    found = [(p.line, p.message) for p in caught.value.problems]
    assert (16, "has no claim about swerling") in found and {line for line, _ in found} == {16}


NO_DATA = [b"\xff\xfe", b"[", b"sources = 1", b"91n6e = 1", b"[sources]\nx = 1", b"a = " + b"[" * 5000]


@pytest.mark.parametrize("data", NO_DATA)
def test_files_that_are_no_data(tmp_path, data):
    file = tmp_path / "mine.toml"
    file.write_bytes(data)
    with pytest.raises(ProblemsError):
        load_catalogue([file])


def nodes(tree, path=()):
    yield path
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from nodes(value, (*path, key))


WORDS = st.sampled_from(["X", "me", "m"]) | st.text(max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | WORDS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text("ab", min_size=1, max_size=2), part, max_size=2),
    max_leaves=4,
)


@given(place=st.sampled_from(list(nodes(TREE))[1:]), value=VALUES)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_where_only_problems_come_out(tmp_path, place, value):
    tree = copy.deepcopy(TREE)
    node = tree
    for key in place[:-1]:
        node = node[key]
    if value is None:
        del node[place[-1]]
    else:
        node[place[-1]] = value
    try:
        text = tomlkit.dumps(tree)
    except Exception:
        return  # no TOML can hold it
    try:
        read_catalogue([written(tmp_path, text)])
    except ProblemsError as error:
        assert all(p.message and p.where for p in error.problems)
