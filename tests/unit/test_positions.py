"""Positions in every form against PROJ's transverse Mercator and against arithmetic; what is not one says why."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError
from pyproj import Transformer

from kalkan.errors import ProblemsError
from kalkan.scenario import json_schema, parse
from kalkan.scenario.nouns.positions import read_position

HARBOUR = (Path(__file__).parent / "data/harbour.toml").read_text(encoding="utf-8")

HERE = (36.5, 33.2)
FORMS = [
    [36.5, 33.2],
    ["36.5", "33.2"],
    ["36.5N", "33.2E"],
    ["33.2 E", "36.5 N"],
    ["36°30'N", "33°12'E"],
    "36.5, 33.2",
    "36.5; 33.2",
    "36°30'00\"N 33°12'00\"E",
    "36° 30′ 00″ N, 33° 12′ 00″ E",
    "36º30’00”N / 33º12’00”E",
    "N36°30'00.0\" E033°12'00.0\"",
    "N 36 30.0 E 33 12.0",
    "33 12 00 E 36 30 00 N",
    "36:30:00N 33:12:00E",
    "36 deg 30' n 33 deg 12' e",
    "363000N 0331200E",
    "3630N03312E",
    {"lat": 36.5, "lon": 33.2},
    {"latitude": 36.5, "longitude": 33.2},
]


@pytest.mark.parametrize("written", FORMS, ids=str)
def test_every_form_is_the_same_place(written):
    assert read_position(written) == pytest.approx(HERE, abs=1e-12)


@pytest.mark.parametrize(
    ("reference", "zone", "east_m", "north_m"),
    [
        ("36SWF1791139426", 32636, 517_911.5, 4_039_426.5),
        ("36S WF 17911 39426", 32636, 517_911.5, 4_039_426.5),
        ("36SWF1739", 32636, 517_500, 4_039_500),  # a kilometre square stands for its middle
        ("4QFJ12345678", 32604, 612_345, 2_356_785),  # Honolulu, the example of en.wikipedia.org/wiki/MGRS
        ("56HLH3480050900", 32756, 334_800.5, 6_250_900.5),  # Sydney: south of the equator, an even zone
        ("31NAA6602100000", 32631, 166_021.5, 0.5),  # where the equator meets a zone's edge
    ],
)
def test_mgrs_is_the_utm_coordinate_that_it_abbreviates(reference, zone, east_m, north_m):
    """To 1 cm against PROJ, whose transverse Mercator is not GEOTRANS's; the letters are read by hand."""
    lon, lat = Transformer.from_crs(f"EPSG:{zone}", "EPSG:4326", always_xy=True).transform(east_m, north_m)
    assert read_position(reference) == pytest.approx((lat, lon), abs=1e-7)


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9), st.sampled_from([2, 3]))
def test_degrees_minutes_seconds_come_back(lat, lon, parts):
    written = " ".join(dms(v, sides, parts) for v, sides in ((lat, "NS"), (lon, "EW")))
    assert read_position(written) == pytest.approx((lat, lon), abs=1e-3 / 60.0 ** (parts - 1))


def dms(value: float, sides: str, parts: int) -> str:
    """Degrees and minutes, or degrees, minutes and seconds, rounded at the last."""
    whole = round(abs(value) * 60.0 ** (parts - 1) * 1000) / 1000
    numbers = []
    for _ in range(parts - 1):
        whole, rest = divmod(whole, 60.0)
        numbers.insert(0, rest)
        if len(numbers) > 1:
            numbers[0] = int(numbers[0])
    shown = [f"{int(whole)}°", *(f"{v:.3f}{m}" if i == parts - 2 else f"{v}{m}" for i, (v, m) in enumerate(
        zip(numbers, "'\"", strict=False)))]  # fmt: skip
    return "".join(shown) + sides[value < 0]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ([39, 0, 33, 0], r"write decimals with a point: [39.0, 33.0]"),
        ([39.0, 33.0, 900.0], "a height does not belong to it"),
        ([39.0, 213.0], "did you mean -147?"),
        ([39.0, 393.0], "did you mean 33?"),
        ([390000, 330000], "a latitude outside"),
        ([139.0, 33.0], "latitude and longitude swapped?"),
        ("36°75'N 33°12'E", "minutes or seconds of 60"),
        ("36.5°30'N 33°12'E", "only the last"),
        (["36N", "33N"], "one of N and S"),
        ("36SWF179113942", "9 digits"),
        ("36SWF", "0 digits"),
        ("36XWF1791139426", "is not an MGRS reference"),
        ("harbour", "such as"),
        ("", "such as"),
        ({"lat": 36.5}, "such as"),
        ({"lat": "36.5", "lon": 33.2}, "such as"),
        (36.5, "such as"),
        ([True, 33.2], "such as"),
        (["north", "east"], "not an angle"),
        ("91°N 33°E", "a latitude outside"),
    ],
    ids=str,
)
def test_what_is_no_position_says_why(written, why):
    with pytest.raises(PydanticCustomError) as refused:
        read_position(written)
    assert why in refused.value.message()


def test_a_scenario_may_be_written_so_and_is_the_same():
    plain = HARBOUR
    text = plain.replace("[36.50, 33.20]", '"36°30\'N 33°12\'E"')
    text = text.replace("[36.65, 33.15]", '["36°39\'00.0\\"N", "33.15E"]')
    assert text.count("°") >= 4
    one, other = parse(plain), parse(text)
    assert one.assets == other.assets and one.systems == other.systems and one.raids == other.raids
    assert one.identity == other.identity
    far = text.replace('"36°30\'N 33°12\'E"', '"46°30\'N 33°12\'E"', 1)
    with pytest.raises(ProblemsError, match="without a release the route ends at its aim"):
        parse(far)


def test_the_schema_takes_the_forms():
    whole = json_schema()
    for written in FORMS[:2] + FORMS[7:8]:
        text = HARBOUR.replace("position = [36.65, 33.15]", f"position = {json.dumps(written, ensure_ascii=False)}")
        import tomllib

        jsonschema.validate(tomllib.loads(text), whole)
