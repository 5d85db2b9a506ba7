"""Coverage and the loop are sited alike: one range claim, one weather, one frame for both."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario, sited
from kalkan.compile.claim import range_claim
from kalkan.compile.inputs import Inputs
from kalkan.cover import laydown
from kalkan.cover.laydown import lay_down
from kalkan.kernels.plan import RADARS, UNITS
from kalkan.models.radar import snr_from_constant_db
from kalkan.scenario import parse, starter

WET = starter("small") + '\n[weather]\nrain_rate = "5 mm/h"\nwater_vapour = "15 g/m3"\n'
REACH = {"horizon_first", "horizon_n_azimuth", "horizon_n_range", "horizon_radius_m"}  # as far as each looks


@pytest.fixture(scope="module")
def both():
    scenario, catalogue = parse(WET), load_catalogue()
    return compile_scenario(scenario, catalogue), lay_down(scenario, catalogue, "subsonic-cruise-missile")


def test_the_radars_and_units_are_the_same_to_the_last_bit(both):
    compiled, maps = both
    for name in set(RADARS.names) - REACH:
        assert np.array_equal(compiled.plan.radars[name], maps.radars[name]), name
    for name in UNITS.names:
        assert np.array_equal(compiled.plan.units[name], maps.units[name]), name
    assert np.array_equal(compiled.plan.flight_s, maps.flight_s)
    assert np.array_equal(compiled.plan.p_d, maps.p_d)


def test_the_times_to_a_shot_are_the_posts_and_the_radars(both):
    compiled, maps = both
    units, post = compiled.plan.units, compiled.plan.pictures[compiled.plan.units["picture"]]
    acquiring = units["acquire_hits"] * units["update_s"]
    np.testing.assert_allclose(maps.reaction_s, post["reaction_s"] + acquiring)
    np.testing.assert_array_equal(maps.assessment_s, units["look_s"][:, 0])


def test_the_weather_takes_as_much_on_a_map_as_in_the_loop(both):
    """Absorption beyond the claim's own, at the nodes of the loop's table within both tables' fineness."""
    compiled, maps = both
    gas = compiled.plan.weather.gas_db
    for r, loss in enumerate(maps.losses):
        farthest_m = float(compiled.plan.radars["range_max_m"][r])
        assert gas[r, 0, 0] == pytest.approx(float(loss.loss_db[0, 0]), abs=1e-5), "no way is the claim's loss, saved"
        assert loss.loss_db.shape[0] * loss.range_step_m > farthest_m


def test_a_claim_predicts_itself():
    """The radar's constant gives the claimed SNR at the claimed range and cross-section."""
    inputs = Inputs(load_catalogue(), {})
    for radar in ("91n6e", "96l6e", "92n6e"):
        claim = range_claim(radar, inputs)
        snr_db = snr_from_constant_db(claim.snr_1m_db, 10.0 * np.log10(claim.rcs_m2), claim.range_m)
        assert snr_db == pytest.approx(claim.snr_db, abs=1e-9)
        assert claim.needed_snr_db(claim.p_d, claim.swerling) == claim.snr_db


def test_coverage_makes_nothing_of_its_own_that_is_sited(monkeypatch):
    """Whoever changes the stage changes both."""
    real, seen = sited.site, []

    def counted(*args, **options):
        seen.append(args[0])
        return real(*args, **options)

    monkeypatch.setattr(laydown, "site", counted)
    monkeypatch.setattr("kalkan.compile.bridge.site", counted)
    scenario, catalogue = parse(starter("small")), load_catalogue()
    compile_scenario(scenario, catalogue)
    lay_down(scenario, catalogue, "f-16c")
    assert seen == [scenario, scenario]


def test_more_types_than_the_loop_has_room_for_are_a_problem_on_maps_too(monkeypatch):
    from kalkan.errors import ProblemsError

    monkeypatch.setattr(sited, "MAX_TYPES", 0)
    with pytest.raises(ProblemsError, match="types of interceptor, at most 0"):
        lay_down(parse(starter("small")), load_catalogue(), "f-16c")
