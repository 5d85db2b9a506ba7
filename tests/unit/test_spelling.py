"""Quantities and names as people write them: what has one meaning is read, what may have two is refused with both.

The conversions are the definitions of the units: 1 NM = 1852 m, 1 ft = 0.3048 m, 1 mi = 1609.344 m
(NIST SP 811, appendix B.8), flight levels in hundreds of feet (ICAO Doc 4444).
"""

import math
import re
import unicodedata
from typing import get_args, get_type_hints

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from kalkan import units
from kalkan.apps.cli import app
from kalkan.apps.options import whole_number
from kalkan.errors import ProblemsError
from kalkan.scenario import parse
from kalkan.scenario.nouns.quantities import quantity_pattern
from kalkan.scenario.nouns.spelling import UnclearError, split_quantity
from kalkan.scenario.reading.files import decode

RAID = """
[[assets]]
name = {asset}
position = [39.0, 33.0]
value = 1
[[systems]]
name = "site"
type = "s-400"
position = [39.0, 33.0]
boresight = "{boresight}"
[[raids]]
name = "raid"
type = "f-16c"
count = 1
route = [{{ position = [37.6, 33.0], altitude = "{altitude}" }}, {{ position = [39.0, 33.0], altitude = "9 km MSL" }}]
aim = {asset}
speed = "{speed}"
start = "{start}"
{more}
"""
USUAL = {"altitude": "9 km MSL", "speed": "240 m/s", "start": "10 min", "boresight": "180 deg", "asset": '"town"'}


def read(more="", **written):
    scenario = parse(RAID.format(**USUAL | written, more=more))
    raid = scenario.raids[0]
    return {
        "altitude": raid.route[0].altitude_m, "speed": raid.speed_m_s,
        "mach": raid.speed.mach if raid.speed else None, "start": raid.start_s,
        "boresight": math.degrees(scenario.systems[0].boresight_rad), "asset": scenario.assets[0].name,
    }  # fmt: skip


def refused(**written):
    with pytest.raises(ProblemsError) as caught:
        read(**written)
    return " | ".join(p.message for p in caught.value.problems)


ONE_MEANING = {
    "speed": [
        ("800 kph", 800 / 3.6), ("800 km/hr", 800 / 3.6), ("800 kmh", 800 / 3.6), ("800 KM/H", 800 / 3.6),
        ("450 kts", 231.5), ("450 knots", 231.5), ("450kt", 231.5), ("450 Knots", 231.5), ("250 mps", 250.0),
        ("250 m/sec", 250.0), ("222,5 m/s", 222.5), ("1 000 km/h", 1000 / 3.6), ("500 mph", 223.52),
    ],
    "altitude": [
        ("FL310", 9448.8), ("fl 095", 2895.6), ("31000 feet MSL", 9448.8), ("9,5 km MSL", 9500.0),
        ("0,06 km AGL", 60.0),
        (",06 km AGL", 60.0), ("0.500 km AGL", 500.0), ("9 km AMSL", 9000.0), ("9 km asl", 9000.0),
        ("200 ft agl", 60.96),
        ("9000 metres MSL", 9000.0), ("5 nmi MSL", 9260.0), ("5 nautical miles MSL", 9260.0), ("9 500 m MSL", 9500.0),
        ("9\u202f500 m MSL", 9500.0), ("9'500 m MSL", 9500.0), ("9.525 km MSL", 9525.0), ("1.234,5 m MSL", 1234.5),
        ("1,234.5 m MSL", 1234.5), ("\u2212100 ft MSL", -30.48), ("60 m above ground", 60.0), ("9.5 km MSL", 9500.0),
    ],
    "start": [
        ("10:30", 630.0), ("00:10:00", 600.0), ("1:05:07,5", 3907.5), ("10 minutes", 600.0), ("10 mins", 600.0),
        ("0.5 hr", 1800.0), ("1 hour", 3600.0), ("90 sec", 90.0), ("1h20", 4800.0), ("1 h 20 min", 4800.0),
        ("5m30s", 330.0), ("5 min 30 s", 330.0), ("0,5 h", 1800.0),
    ],
    "boresight": [("180°", 180.0), ("180 degrees", 180.0), ("22,5 deg", 22.5)],
    "mach": [("Mach 0.8", 0.8), ("M0.8", 0.8), ("M 0,8", 0.8), ("0.8 mach", 0.8), ("0.8 Mach", 0.8)],
}  # fmt: skip


@pytest.mark.parametrize("kind, written, wanted", [(k, *row) for k, rows in ONE_MEANING.items() for row in rows])
def test_what_has_one_meaning_is_read(kind, written, wanted):
    assert read(**{"speed" if kind == "mach" else kind: written})[kind] == pytest.approx(wanted, rel=1e-12)


TWO_MEANINGS = [
    ("altitude", "9,500 m MSL", '"9.5 m" or "9500 m"'), ("altitude", "9.500 m MSL", '"9.5 m" or "9500 m"'),
    ("altitude", "31,000 ft MSL", '"31 ft" or "31000 ft"'), ("altitude", "5 miles MSL", '"5 mi" (statute)'),
    ("altitude", "5 miles MSL", '"5 NM" (nautical)'), ("boresight", "3200 mil", '"180 deg" (6400 a circle)'),
    ("boresight", "3200 mils", '"192 deg" (6000 a circle)'), ("boresight", "-90 deg", "-90 deg is 270 deg"),
    ("boresight", "NW", 'NW is "315 deg"'),
]  # fmt: skip


@pytest.mark.parametrize("kind, written, told", TWO_MEANINGS)
def test_what_may_mean_two_things_is_refused_with_both(kind, written, told):
    assert told in refused(**{kind: written})


@pytest.mark.parametrize("kind", ["speed", "altitude", "start", "boresight"])
@given(unit=st.text(alphabet="kmphs/txnicdegraouy", min_size=1, max_size=9))
def test_no_hint_changes_the_size_of_a_value(kind, unit):
    """Whatever unit is written: it is read as itself, or the message names no single other unit for its number."""
    if units.unit_named(unit) is None and not re.search(r"\d|[ms]$", unit) and unit != "h":
        told = refused(**{kind: f"800 {unit} MSL" if kind == "altitude" else f"800 {unit}"})
        assert "did you mean" not in told


@given(st.floats(0.001, 1e9), st.sampled_from(["{:.9g}", "{:.2f}", "{:e}"]))
def test_numbers_that_programs_write_stay_as_they_are(x, form):
    """A number with at most a decimal point means itself, or is refused where three digits after it end in 0."""
    text = form.format(x)
    try:
        assert split_quantity(f"{text} km") == (float(text), "km")
    except UnclearError:
        assert re.fullmatch(r"[1-9]\d{0,2}\.\d\d0", text)


@given(st.integers(1000, 999_999_999), st.sampled_from([" ", "'", "’", "_", "\u00a0", "\u202f"]))
def test_grouped_digits_are_their_number(n, mark):
    assert split_quantity(f"{n:,} m".replace(",", mark)) == (float(n), "m")


def test_every_spelling_is_a_unit_and_no_spelling_means_two():
    spelt = [text.casefold() for texts in units.SPELLINGS.values() for text in texts]
    assert len(spelt) == len(set(spelt)) and set(units.SPELLINGS) <= set(units.UNITS)
    for unit, texts in units.SPELLINGS.items():
        assert {units.UNITS[units.unit_named(text)] for text in texts} == {units.UNITS[unit]}
    assert not set(units.AMBIGUOUS) & {*spelt, *units.UNITS}


def test_the_editor_s_pattern_takes_what_is_read():
    for kind, dimensions in {"speed": ("speed", "mach"), "start": ("time",), "boresight": ("angle",)}.items():
        for written, _ in ONE_MEANING[kind]:
            if written == written.lower():
                assert re.search(quantity_pattern(dimensions), written), written


HABITS = [
    ('speed = “800 kph”', "a word processor's"), ('terrain = "C:\\dem\\tile.tif"', "write / instead"),
    ("value = 1,5", "decimals are written with a point: 1.5"), ("[doctrine.Ereğli]", "stands in quotes"),
]  # fmt: skip


@pytest.mark.parametrize("line, told", HABITS)
def test_habits_of_other_programs_are_answered_with_the_remedy(line, told):
    with pytest.raises(ProblemsError, match=re.escape(told)) as caught:
        parse(f'title = "x"\n{line}\n')
    assert caught.value.problems[0].line == 2


# ------------------------------------------------------------------------------------------------------------- names

SOUND_NAMES = [
    "İncirlik", "Ereğli liman", "Şırnak-1", "Київ", "Depot #2", "Power plant (north)", "R/V 12", "Site 1.5", "Müller",
    "A&B", "CON", "-rf", "東京", "القاهرة", "नई दिल्ली", "O'Hare", "x" * 60,
]  # fmt: skip


@pytest.mark.parametrize("name", SOUND_NAMES)
def test_names_in_letters_of_any_script(name):
    assert read(asset=f'"{name}"')["asset"] == name


def test_a_name_is_one_however_its_letters_are_put_together():
    apart = unicodedata.normalize("NFD", "İncirlik")
    text = RAID.format(**USUAL | {"asset": '"İncirlik"'}, more="").replace('aim = "İncirlik"', f'aim = "{apart}"')
    assert parse(text).raids[0].aim == "İncirlik"


@pytest.mark.parametrize(
    "name, told",
    [
        ("..", "needs a letter or a digit"), (" leading", "begin or end with a space"), ("x" * 61, "longer than 60"),
        ("a\\u001bb", "U+001B"), ("a\\u202eb", "U+202E"), ("a=b", 'not "="'), ("", "must not be empty"),
    ],
)  # fmt: skip
def test_names_that_are_none(name, told):
    assert told in refused(asset=f'"{name}"')


@pytest.mark.parametrize("name, told", [
    ("two/three", "no /"), ("zarr.json", "systems keep"), ("con", "systems keep"), ("Base", "in capitals only"),
])  # fmt: skip
def test_the_name_of_a_variant_is_a_folder_on_every_system(name, told):
    assert told in refused(more=f'[variants."{name}"]\nlabel = "other"\n')


PATHS = [
    ('"dem\\tiles.tif"', "a \\ begins an escape between double quotes; write / instead"),
    ("'dem\\n38.tif'", "between folders stands /"),
    ('"~/dem/n38.tif"', "~ is not read as your home folder"),
]  # fmt: skip


@pytest.mark.parametrize("written, told", PATHS)
def test_paths_of_windows_and_of_shells_are_answered_with_the_remedy(written, told):
    with pytest.raises(ProblemsError, match=re.escape(told)):
        parse(f"region.terrain = {written}\n")


def test_texts_of_other_machines_are_named():
    with pytest.raises(ProblemsError, match=r"a carriage return alone; save it with line feeds"):
        parse('title = "x"\r[region]\r')
    for coding in ("utf-16-le", "utf-16-be"):
        with pytest.raises(ProblemsError, match="is UTF-16 text"):
            decode(("\ufeff" + 'title = "ü"\n').encode(coding), "s.toml")


@pytest.mark.parametrize(("written", "number"), [("1000", 1000), ("1e3", 1000), ("1_000", 1000), ("+5", 5), (7, 7)])
def test_a_whole_number_on_the_command_line(written, number):
    assert whole_number(written) == number and type(whole_number(written)) is int


@pytest.mark.parametrize("written", ["soon", "2.5", "1e-3", "", "inf", "nan", "1e99999999", "1,5", "0x10"])
def test_what_is_no_whole_number_is_told(written):
    with pytest.raises(typer.BadParameter, match="is not a whole number, such as 1000 or 1e3"):
        whole_number(written)


def test_every_number_of_a_command_is_read_so():
    """Of all commands: none is left to the parser's own words."""
    options = [
        (f"{command.callback.__name__} {name}", kind.__metadata__[0])
        for command in app.registered_commands
        for name, kind in get_type_hints(command.callback, include_extras=True).items()
        if hasattr(kind, "__metadata__") and int in (kind.__origin__, *get_args(kind.__origin__))
    ]
    assert len(options) > 15 and [name for name, option in options if option.parser is not whole_number] == []
