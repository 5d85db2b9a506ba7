"""External sources as a user writes them: every mistake at once, and what is made of what is right."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.errors import ProblemsError
from kalkan.kernels.sources import SOURCE_FIELDS
from kalkan.scenario import parse, starter

SMALL = starter("small").replace('type = "s-400"', 'type = "s-400"\nintegrated = true')
EYE = """
[[sources]]
name = "eye"
type = "e-7"
orbit = { centre = [36.9, 32.9], length = "20 km" }
"""
POST = """
[[sources]]
name = "post"
type = "allied-radar"
position = [36.6, 33.0]
"""


def told(text: str) -> str:
    """What is wrong with a scenario."""
    with pytest.raises(ProblemsError) as error:
        parse(text)
    return str(error.value)


def test_every_mistake_is_told_at_once_in_the_users_words_with_its_line():
    text = SMALL + """
[[sources]]
name = "both"
type = "e-7"
position = [36.6, 33.0]
orbit = { centre = [36.9, 32.9], length = "20 km" }
link_latency = "-2 s"
link_availability = 1.5
[[sources]]
name = "nowhere"
type = "allied-radar"
wrong_correlation = -0.1
[[sources]]
name = "unknown"
type = "e-77"
position = [36.6, 33.0]
[[sources]]
name = "no radar"
type = "f-16c"
orbit = { centre = [36.9, 32.9] }
[[sources]]
name = "standing"
type = "allied-radar"
orbit = { waypoints = [[36.9, 32.9], [36.9, 33.0]], length = "20 km", altitude = "9 km AGL" }
[[sources]]
name = "flying"
type = "e-7"
position = [36.6, 33.0]
link_update_period = "10"
[[sources]]
name = "flying"
type = "e-7"
orbit = { length = "20 km", colour = "red" }
"""
    said = told(text)
    for wanted in (
        'sources "both" · orbit', "cannot be given beside a position",
        'link_latency = "-2 s"', "must not be negative",
        "link_availability = 1.5", "must be between 0 and 1",
        'sources "nowhere"', "has no place: give position", "wrong_correlation = -0.1",
        'type = "e-77"', "is not in the catalogue", '"e-7"',
        'type = "f-16c"', "not an airborne radar or a radar",
        "needs the length of its legs beside the centre",
        "is for airborne radars, and its type stands on the ground",
        "needs at least 3 points, has 2", "belongs to a racetrack", "must be above sea level",
        "is for radars on the ground, and its type flies",
        'link_update_period = "10"', "needs a unit",
        "is used twice", "has no place: give centre and length", "is not known here",
    ):  # fmt: skip
        assert wanted in said, wanted
    assert said.count("\n  line ") == 17


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("external_picture = true", "needs at least one [[sources]] table"),
        ("engage_on_remote = true", "does nothing without external_picture = true"),
        ('iff = "sometimes"', 'must be one of "compatible", "incompatible", "none"'),
        ('integrated = "yes"', "must be true or false"),
    ],
)
def test_what_a_system_cannot_be_tied_to_is_told(lines, wanted):
    assert wanted in told(starter("small").replace('type = "s-400"', f'type = "s-400"\n{lines}'))


def test_engaging_on_reports_needs_a_claim():
    can_not = '[assume.s-400]\nengage_on_remote = "no"\n'
    wish = SMALL.replace("integrated = true", "external_picture = true\nengage_on_remote = true") + EYE
    assert parse(wish).systems[0].may_engage_on_remote
    assert "is not claimed of this system" in told(wish + can_not)


@pytest.mark.parametrize(
    ("written", "is_"),
    [
        ("", (False, False, "compatible")),
        ("integrated = true", (True, True, "compatible")),
        ("integrated = false", (False, False, "incompatible")),
        ("integrated = true\nengage_on_remote = false", (True, False, "compatible")),
        ("integrated = false\nexternal_picture = true", (True, False, "incompatible")),
        ('integrated = true\niff = "none"', (True, True, "none")),
    ],
)
def test_integrated_sets_what_is_not_written_by_itself(written, is_):
    system = parse(starter("small").replace('type = "s-400"', f'type = "s-400"\n{written}') + EYE).systems[0]
    assert (system.takes_external_picture, system.may_engage_on_remote, system.interrogates) == is_


def test_who_has_no_sources_keeps_its_identity():
    """Fields that are not written do not count."""
    plain = parse(starter("small"))
    assert "sources" not in str(plain.model_dump(exclude_unset=True))
    tied = parse(SMALL + EYE)
    assert tied.identity != plain.identity
    unread = parse(starter("small") + EYE)  # nobody takes the picture: another scenario, the same plan
    plans = [compile_scenario(s, load_catalogue()).plan for s in (plain, unread)]
    assert plans[0].sources.on == plans[1].sources.on == 0


def test_every_figure_of_a_source_moves_with_its_claim_and_with_what_is_written():
    catalogue = load_catalogue()
    plain = compile_scenario(parse(SMALL + EYE + POST), catalogue)
    assume: dict[str, dict[str, float]] = {}
    for row in plain.attrs["inputs"]:
        if row["entry"] in ("e-7", "allied-radar", "link-16", "kalkan-model") and isinstance(row["value"], float):
            more = 1.0 if float(row["value"]).is_integer() and row["unit"] in ("1", "") else 0.0
            assume.setdefault(row["entry"], {})[row["quantity"]] = row["value"] + more if more else 0.9 * row["value"]
    moved = parse(SMALL + EYE + POST).model_copy(update={"assume": assume})
    changed = compile_scenario(moved, catalogue)
    still = {"key", "first_knot", "n_knots", "registered", "identifies"}  # words and places
    for field in SOURCE_FIELDS:
        before, after = (c.plan.sources.radars[field.name] for c in (plain, changed))
        assert np.array_equal(before, after) == (field.name in still), field.name


def test_what_is_written_of_a_link_holds_for_its_source():
    written = EYE + (
        'link_latency = "7 s"\nlink_update_period = "11 s"\nlink_availability = 0.5\nlink_outage = "30 s"\n'
        'report_sigma = "44 m"\nregistration_bias = "55 m"\nwrong_correlation = 0.25\n'
    )
    plan = compile_scenario(parse(SMALL + written + POST), load_catalogue()).plan
    eye, post = plan.sources.radars
    names = ("latency_s", "update_s", "availability", "outage_s", "accuracy_m", "bias_m", "p_wrong")
    assert [float(eye[n]) for n in names] == [7.0, 11.0, 0.5, 30.0, 44.0, 55.0, 0.25]
    assert not any(eye[n] == post[n] for n in names)


def test_an_orbit_through_waypoints_closes():
    orbit = 'orbit = { waypoints = [[36.8, 32.8], [36.8, 33.2], [37.0, 33.0]], altitude = "8 km MSL" }'
    plan = compile_scenario(
        parse(SMALL + EYE.replace('orbit = { centre = [36.9, 32.9], length = "20 km" }', orbit)), load_catalogue()
    ).plan
    position = plan.sources.knots["position_m"]
    steps = np.linalg.norm(np.diff(position, axis=0, append=position[:1]), axis=1)
    assert steps.max() < 1.05 * steps.mean() and plan.sources.radars["n_knots"][0] == len(position)
    assert (plan.sources.places["antenna_m"] == 8000.0).all()


def test_an_orbit_in_the_ground_is_refused(tmp_path):
    text = (SMALL + EYE).replace('length = "20 km"', 'length = "20 km", altitude = "50 m MSL"')
    with pytest.raises(ProblemsError, match="fly higher"):
        compile_scenario(parse(text), load_catalogue())
