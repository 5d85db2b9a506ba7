"""Scenarios: reading, lines, variants, identity, schema, and what a broken file may never do."""

import json
import math
import pickle
import random
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import STARTERS, Scenario, check_text, json_schema, load, parse, starter
from kalkan.scenario.nouns.doctrine import Doctrine
from kalkan.scenario.nouns.wording import UNFORESEEN
from kalkan.scenario.reading.files import line_index
from kalkan.views.claims.problems import as_json, as_text

SOUND = (Path(__file__).parent / "mistakes" / "sound.toml").read_text()
MISTAKES = tomllib.loads((Path(__file__).parent / "mistakes" / "answers.toml").read_text())["mistake"]
RICH = """
title = "Everything"
about = "each key once"
base = "plain"
[region]
no_data = "error"
[weather]
water_vapour = "20 g/m3"
rain_rate = "12.5 mm/h"
rain_height = "3 km"
rain_extent = "8 km"
sea_lobing = true
wave_height = "1.5 m"
[[assets]]
name = "harbour"
position = [36.5, 33.2]
value = 2.5
hits_to_destroy = 3
[[systems]]
name = "north"
type = "s-400"
position = [37.0, 33.0]
fire_units = 2
fire_unit_positions = [[37.1, 33.0], [36.9, 33.0]]
launchers = 6
loads = { "48n6e3" = 3, "9m96e2" = 4 }
reload_sets = 1
boresight = "180 deg"
mast_height = { "91n6e" = "24 m" }
link = "cut"
link_latency = "500 ms"
doctrine = "thrifty"
[command]
coordination = true
[doctrine.thrifty]
assignment = "nearest-first"
salvo = 1
look = true
max_salvos = 2
earliest_range = "100 km"
preferred = ["48n6e3", "9m96e2"]
reserve = 4
[[raids]]
name = "strike"
type = "f-16c"
count = 4
route = [
  { position = [35.0, 33.0], altitude = "30000 ft MSL" },
  { position = [36.0, 33.2], altitude = "1 km AGL", speed = "0.9 Mach" },
  { position = [35.0, 34.0], altitude = "9 km MSL" },
]
aim = "harbour"
release = 2
speed = "500 kt"
start = "2 min"
spacing = "5 s"
formation_width = "4 km"
time_jitter = "30 s"
route_jitter = "1 km"
[assume."48n6e3"]
kill_probability = { aircraft = 0.7, uav = "60 %" }
max_range = "200 km"
[study]
replications = 50
seed = 7
horizon = "1 h"
"""


def test_si_numbers():
    s = parse(RICH)
    system, raid = s.systems[0], s.raids[0]
    assert (s.title, s.base, s.region.terrain, s.region.no_data) == ("Everything", "plain", "flat", "error")
    assert s.region.refraction_k == 4 / 3
    assert s.weather.model_dump() == {
        "water_vapour_kg_m3": 0.02, "rain_rate_mm_h": 12.5, "rain_height_m": 3e3, "rain_extent_m": 8e3,
        "sea_lobing": True, "wave_height_m": 1.5,
    }  # fmt: skip
    assert s.assets[0].position == (36.5, 33.2) and s.assets[0].hits_to_destroy == 3
    assert system.boresight_rad == pytest.approx(math.pi)
    assert system.mast_height_m == {"91n6e": 24.0}
    assert system.link_latency_s == 0.5 and system.link == "cut" and system.reload_sets == 1
    assert system.fire_unit_positions == ((37.1, 33.0), (36.9, 33.0))
    doctrine = s.doctrine["thrifty"]
    assert doctrine.earliest_range_m == 100e3 and doctrine.preferred == ("48n6e3", "9m96e2")
    assert s.doctrine["standard"].salvo is None and s.command.coordination  # left open: as claimed
    assert raid.speed_m_s == pytest.approx(500 * 1852 / 3600) and raid.speed.mach is None
    assert (raid.start_s, raid.spacing_s, raid.formation_width_m) == (120.0, 5.0, 4000.0)
    assert (raid.time_jitter_s, raid.route_jitter_m, raid.release, raid.aim) == (30.0, 1000.0, 2, "harbour")
    first, second = raid.route[0], raid.route[1]
    assert first.altitude_m == pytest.approx(9144.0) and first.above == "sea" and first.speed_m_s is None
    assert (second.altitude_m, second.above, second.speed.mach) == (1000.0, "ground", 0.9)
    assert s.assume["48n6e3"] == {"kill_probability": {"aircraft": 0.7, "uav": 0.6}, "max_range": 200e3}
    assert (s.study.replications, s.study.seed, s.study.horizon_s) == (50, 7, 3600.0)


def test_defaults():
    s = parse(SOUND.replace("[study]\nreplications = 200\nhorizon", "[study]\nhorizon"))
    raid, system = s.raids[0], s.systems[0]
    assert (raid.spacing_s, raid.start_s, raid.time_jitter_s, raid.route_jitter_m) == (10.0, 0.0, 0.0, 0.0)
    assert (system.fire_units, system.launchers, system.reload_sets, system.link) == (None, None, 0, "up")
    assert not s.command.coordination and s.study.replications == 200 and s.study.seed == 1


def test_frozen_and_picklable():
    s = parse(SOUND)
    with pytest.raises(Exception, match="frozen"):
        s.title = "other"
    again = pickle.loads(pickle.dumps(s))
    assert again.identity == s.identity and list(again.variants_resolved()) == ["base", "two"]


def test_load_knows_text_and_folder(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(SOUND)
    s = load(str(path))
    assert s.text == SOUND and s.base_dir == tmp_path and s.terrain_path is None


def test_terrain_path_and_content_decide(tmp_path):
    text = SOUND.replace('"flat"', '"hills.tif"')
    (tmp_path / "hills.tif").write_bytes(b"one")
    one = parse(text, base_dir=tmp_path)
    assert one.terrain_path == tmp_path / "hills.tif"
    first = one.identity
    (tmp_path / "hills.tif").write_bytes(b"two")
    assert parse(text, base_dir=tmp_path).identity != first


def test_line_index():
    text = (
        'a.b = 1\n"q.r" = 2\n\n[[raids]]\nname = "x"\nroute = [\n  { p = [1,\n 2] },\n  { p = 3 }]\n'
        "[[raids]]\n'name' = 'y'\n[raids.sub]\nk = '''\n[[raids]]\n'''\nz = 1\n[t.u]\nv = { w = { x = 1 } }\n"
    )
    lines = line_index(text)
    assert lines[("a", "b")] == 1 and lines[("q.r",)] == 2
    assert lines[("raids",)] == lines[("raids", 0)] == 4 and lines[("raids", 1)] == 10
    assert lines[("raids", 0, "name")] == 5 and lines[("raids", 1, "name")] == 11
    assert lines[("raids", 0, "route", 0, "p", 1)] == 8 and lines[("raids", 0, "route", 1, "p")] == 9
    assert lines[("raids", 1, "sub", "k")] == 13 and lines[("raids", 1, "sub", "z")] == 16
    assert lines[("t",)] == 17 and lines[("t", "u", "v", "w", "x")] == 18


@pytest.mark.parametrize("text", [SOUND, RICH, *STARTERS.values()])
def test_every_key_of_a_file_has_its_line(text):
    """Each key's line, as the index tells it, holds that key."""
    lines, source = line_index(text), text.split("\n")

    def walk(node, place):
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in items:
            at = lines[(*place, key)]
            assert isinstance(key, int) or str(key) in source[at - 1]
            walk(value, (*place, key))

    walk(tomllib.loads(text), ())


# --- variants ---------------------------------------------------------------------------------


def test_variants_merge():
    text = SOUND + (
        'label = "two batches"\nraids.cruise = { count = 3, speed = "0.6 Mach" }\n'
        'doctrine.standard.salvo = 1\nassume.91n6e.scan_period = "6 s"\nassume.92n6e.update_period = "1 s"\n'
        'command.coordination = true\n[variants.none]\nremove = ["systems.north"]\n'
        'systems.other = { type = "s-400", position = [36, 33] }\n'
    )
    s = parse(text)
    all_of = s.variants_resolved()
    assert list(all_of) == ["base", "two", "none"]
    two = all_of["two"]
    assert [x.name for x in two.systems] == ["north", "south"] and two.systems[0] == s.systems[0]
    assert two.raids[0].count == 3 and two.raids[0].speed.mach == 0.6
    assert two.raids[0].route == s.raids[0].route
    assert two.doctrine["standard"].salvo == 1 and two.command.coordination
    assert two.assume == {"91n6e": {"scan_period": 6.0}, "92n6e": {"update_period": 1.0}}
    assert (two.label, two.base, two.variants) == ("two batches", "two", {})
    assert all_of["none"].label == "none" and [x.name for x in all_of["none"].systems] == ["other"]
    assert all_of["base"].systems == s.systems and all_of["base"].variants == {}
    assert len({v.identity for v in all_of.values()}) == 3


def test_remove_and_write_again_replaces_the_whole():
    north = 'systems.north = { type = "s-400", position = [36.0, 33.0] }'
    text = SOUND[: SOUND.index("systems.south")] + f'remove = ["systems.north"]\n{north}\n'
    north = parse(text).variants_resolved()["two"].systems[0]
    assert north.loads is None and north.boresight_rad is None


def test_variants_share_the_study_of_the_scenario():
    s = parse(SOUND)
    more = s.model_copy(update={"study": s.study.model_copy(update={"replications": 9})})
    assert {v.study.replications for v in more.variants_resolved().values()} == {9}


def test_merging_leaves_the_base_alone():
    with_variant, without = parse(SOUND), parse(SOUND[: SOUND.index("[variants")])
    assert with_variant.variants_resolved()["base"].identity == without.identity


def test_problem_of_a_place_for_later_checks():
    s = parse(SOUND)
    place = ("raids", 0, "route", 1, "position")
    told = s.problem(place, "lies outside the terrain")
    assert told == Problem(
        'raids "cruise" · route #2 · position = [36.5, 33.2]', "lies outside the terrain", "<text>", 24
    )
    south = s.variants_resolved()["two"].problem(("systems", 1, "position"), "lies outside the terrain")
    assert (south.line, south.where) == (34, 'variants "two" · systems "south" · position = [36.9, 33.5]')


# --- identity ---------------------------------------------------------------------------------


def blocks(text):
    """The file's tables as texts: its head, then each ``[table]`` or ``[[entry]]``."""
    starts = [m for m, line in enumerate(text.split("\n")) if line.startswith("[")]
    lines = text.split("\n")
    parts = ["\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return "\n".join(lines[: starts[0]]), parts


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_identity_does_not_depend_on_order(data):
    head, parts = blocks(STARTERS["second-batch"])
    shuffled = data.draw(st.permutations(parts))
    expected = parse(STARTERS["second-batch"]).identity
    assert parse("\n".join([head, *shuffled])).identity == expected


def test_identity_ignores_words_only():
    same = SOUND.replace('"Mistakes"', '"Other"').replace("[variants.two]", '[variants.two]\nlabel = "x"')
    same = 'about = "text"\nbase = "plain"\n' + same + "# a comment\n"
    plain = parse(SOUND)
    spare = {**plain.doctrine, "spare": Doctrine(salvo=1)}  # a file with a doctrine that nobody follows is refused
    assert parse(same).identity == plain.model_copy(update={"doctrine": spare}).identity == plain.identity


CHANGES = [
    ("count = 16", "count = 17"),
    ("[37.0, 33.0]", "[37.0, 33.1]"),
    ('"12 s"', '"11 s"'),
    ("1.333", "1.3"),
    ("salvo = 2", "salvo = 3"),
    ("60 m AGL", "60 m MSL"),
    ('"240 m/s"', '"0.7 Mach"'),
    ("36.9", "36.8"),
    ('name = "cruise"', 'name = "other"'),
    ("replications = 200", "seed = 2"),
    ("90 min", "91 min"),
]


@pytest.mark.parametrize("old, new", CHANGES)
def test_identity_follows_what_changes_the_answer(old, new):
    assert parse(SOUND.replace(old, new, 1)).identity != parse(SOUND).identity


def test_same_quantity_in_other_units_is_the_same():
    assert parse(SOUND.replace("90 min", "1.5 h")).identity == parse(SOUND).identity


# --- whatever stands in the file, only ProblemsError leaves ------------------------------------


def problems_of(text):
    try:
        assert isinstance(parse(text, file="x.toml"), Scenario)
    except ProblemsError as error:
        assert error.problems
        for p in error.problems:
            assert p.where and p.message and p.message != UNFORESEEN and p.file == "x.toml"
            assert 0 <= p.line <= text.count("\n") + 1
        return error.problems
    return ()


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just({}), st.just([]),
    st.lists(st.one_of(st.integers(), st.text(max_size=3), st.just({})), max_size=3),
    st.dictionaries(st.sampled_from(["name", "type", "x", "position", "salvo"]), st.integers(), max_size=2),
)  # fmt: skip


def to_toml(value):
    """Inline TOML of a plain value."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {to_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(to_toml, value)) + "]"
    if isinstance(value, float):
        return str(value)
    return json.dumps(value)


def document(tree):
    return "\n".join(f"{json.dumps(k)} = {to_toml(v)}" for k, v in tree.items()) + "\n"


def places_of(node, place=()):
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*place, key)
        yield from places_of(value, (*place, key))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([SOUND, RICH, STARTERS["second-batch"]]), st.data())
def test_structure_mutations(text, data):
    tree = tomllib.loads(text)
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(places_of(tree))
        *path, key = data.draw(st.sampled_from(places))
        node = tree
        for step in path:
            node = node[step]
        junk = data.draw(JUNK)
        if junk is None or (data.draw(st.booleans()) is False and isinstance(node, list)):
            del node[key]
        else:
            node[key] = junk
        if not tree:
            break
    problems_of(document(tree))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_byte_mutations(seed, n):
    dice = random.Random(seed)
    data = bytearray(dice.choice([SOUND, RICH]).encode())
    for _ in range(n):
        i = dice.randrange(len(data))
        action = dice.randrange(3)
        if action == 0:
            data[i] = dice.randrange(256)
        elif action == 1:
            del data[i : i + dice.randrange(1, 30)]
        else:
            data[i:i] = dice.choice([b"[", b"]", b'"', b"\n", b"=", b"{", b"-", b"\xc3", b"1e999", b"\0"])
    problems_of(bytes(data).decode("utf-8", "replace"))


def test_the_translated_document_is_the_same_scenario():
    assert parse(document(tomllib.loads(RICH))).identity == parse(RICH).identity


@pytest.mark.parametrize("text", ["\ud800 = 1", "x = 1" + "0" * 5000, "d = 2020-13-45", "a = 1979-05-27"])
def test_odd_texts(text):
    assert problems_of(text)


# --- schema, starters, views ---------------------------------------------------------------------


def test_schema_is_valid_and_accepts_sound_files():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for text in (*STARTERS.values(), SOUND, RICH):
        assert [e.message for e in validator.iter_errors(tomllib.loads(text))] == []
    json.dumps(schema, allow_nan=False)


FORM = (
    "unknown key", "speed without unit", "length for a speed", "unknown system type", "count beyond 2000",
    "altitude without reference", "one waypoint", "unknown assignment", "assumption in a wrong unit",
    "variant changes the study", "variant with a quantity without unit", "latitude out of range",
    "text for true or false", "terrain is no raster", "unknown missile", "missing altitude",
    "assumed word", "assumption of an unknown quantity", "table for a list", "name with a strange letter",
)  # fmt: skip


@pytest.mark.parametrize("name", FORM)
def test_schema_refuses_mistakes_of_form(name):
    mistake = next(m for m in MISTAKES if m["name"] == name)
    text = SOUND
    for old, new in mistake["exchange"]:
        text = text.replace(old, new, 1)
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(tomllib.loads(text)))


def test_schema_describes_every_property():
    schema = json_schema()
    for noun in ("Asset", "System", "Raid", "Waypoint", "Doctrine", "Region", "Weather", "Study", "Command"):
        for name, part in schema["$defs"][noun]["properties"].items():
            assert part.get("description"), (noun, name)


@pytest.mark.parametrize("kind", STARTERS)
def test_starters_are_sound_and_commented(kind):
    assert check_text(starter(kind)) == ()
    assert starter(kind).count("#") >= 5 and parse(starter(kind)).region.terrain == "flat"


def test_problems_as_text_and_json():
    with pytest.raises(ProblemsError) as caught:
        parse(SOUND.replace("count = 16", "count = 0"), file="raid.toml")
    assert as_text(caught.value) == str(caught.value)
    assert json.loads(as_json(caught.value)) == {
        "problems": [
            {
                "file": "raid.toml",
                "line": 21,
                "where": 'raids "cruise" · count = 0',
                "message": "must be between 1 and 2000",
            }
        ]
    }


def test_columns():
    error = ProblemsError(
        [Problem("b", "two", "f", 112), Problem("a", "one", "f", 3), Problem("x" * 80, "long", "f", 200)]
    )
    assert str(error) == "f: 3 problems\n  line 3    a    one\n  line 112  b    two\n" + (
        "  line 200  " + "x" * 80 + "  long"
    )


def test_light():
    """Nothing that `kalkan check` or `kalkan schema` needs loads the heavy libraries."""
    code = (
        "import sys, kalkan.scenario as k, kalkan.views.claims.problems\n"
        "k.parse(k.starter('second-batch')).identity; k.json_schema()\n"
        "heavy = {'numba', 'scipy', 'rasterio', 'xarray', 'zarr', 'pyproj', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_problems_travel_between_processes():
    error = ProblemsError([Problem("a", "one", "f", 3)])
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems and str(again) == str(error)


def test_every_key_of_a_scenario_has_its_row_on_the_page():
    """And a sentence, in the page, the JSON Schema and so in every editor."""
    from kalkan.scenario import json_schema
    from kalkan.views.run.sections import sections_page

    page, defs = sections_page(), json_schema()["$defs"]
    for name in ("Region", "Weather", "Asset", "System", "Command", "Doctrine", "Against", "Raid", "Waypoint", "Study"):
        for key, part in defs[name]["properties"].items():
            assert part.get("description"), f"{name}.{key} says nothing about itself"
            assert f"| `{key}` |" in page
