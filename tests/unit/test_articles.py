"""Words that are put together: articles as they are spoken, units as they are printed."""

import pytest

from kalkan.errors import with_article
from kalkan.units import UNITS, printed, unit_named


@pytest.mark.parametrize(
    "name, told",
    [
        ("one-way attack drone", "a"), ("One-way attack drone", "a"), ("F-16C", "an"), ("S-400", "an"), ("MiG-29", "a"),
        ("MQ-9", "an"), ("B-52", "a"), ("U-2", "a"), ("Bayraktar TB2", "a"), ("air vehicle", "an"), ("angle", "an"),
        ("interceptor", "an"), ("unit", "a"), ("Su-35", "a"),
    ],
)  # fmt: skip
def test_articles(name, told):
    assert with_article(name) == f"{told} {name}"
    assert with_article(name, capital=True) == f"{told.capitalize()} {name}"


def test_printed_units_have_raised_figures_and_are_read_as_the_same():
    assert (printed("m2"), printed("m^2"), printed("km2"), printed("g/m3"), printed("m/s2")) == (
        "m²", "m²", "km²", "g/m³", "m/s²",
    )  # fmt: skip
    for unit in UNITS:
        if printed(unit) != unit and unit_named(printed(unit)):
            assert UNITS[unit_named(printed(unit))] == UNITS[unit]
