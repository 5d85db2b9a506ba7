"""Supply in campaigns: what fails is out in the loop as closed forms say, and every round is accounted for."""

import numpy as np
import pytest

from kalkan.campaign.history import History
from kalkan.kernels.mission import stream_of
from kalkan.supply.closed_forms import steady_availability
from tests.engine import harness
from tests.engine.test_campaign import THREE, fought, struck, text, wave

FIGURES = """
[assume.kalkan-upkeep]
needs_spare = 0
mean_time_between_failures = "{up} h"
mean_time_to_repair = "{down} h"
"""
ALWAYS = '[supply]\nin_service = "2 years"\nmaintenance = false\n'
FAR = wave("night", "1 day", 'every = "40 days"\ntimes = 6')


def test_parts_are_out_in_waves_as_the_chain_of_two_states_says():
    """Far apart in time, waves find each part in action with MTBF / (MTBF + MTTR)."""
    whole = text(FAR, harness.raid(count=1), campaign="") + ALWAYS + FIGURES.format(up=60, down=20)
    run = fought(whole, 60)
    parts = len(run.labels["part"])
    out = run.wave_parts_out.mean() / parts
    expected = 1.0 - steady_availability(60.0, 20.0)
    error = np.sqrt(expected * (1.0 - expected) / (60 * 6 * parts))
    assert abs(out - expected) < 4.5 * error
    radar_works = run.wave_units_ready.mean()
    assert abs(radar_works - (1.0 - expected)) < 4.5 * np.sqrt(expected * (1.0 - expected) / 360)


def test_a_unit_without_its_radar_launches_nothing():
    whole = text(FAR, harness.raid(count=1), campaign="") + ALWAYS + FIGURES.format(up=30, down=30)
    run = fought(whole, 20)
    ready, shot = run.wave_units_ready.ravel() > 0, run.threat_shots.reshape(20, 6) > 0
    assert 0.2 < ready.mean() < 0.8
    assert shot.ravel()[ready].mean() > shot.ravel()[~ready].mean() + 0.3


def test_the_same_parts_fail_at_the_same_times_in_variants_with_other_stocks():
    plain = text(FAR, harness.raid(count=1), campaign="") + ALWAYS + FIGURES.format(up=60, down=20)
    more = plain.replace("reload_sets = 0", "reload_sets = 3")
    one, other = fought(plain, 6), fought(more, 6)
    assert more != plain and one.wave_parts_out.tobytes() == other.wave_parts_out.tobytes()
    assert one.part_out_s.tobytes() == other.part_out_s.tobytes() and one.part_out_s.sum() > 0.0


REAR = """
[[depots]]
name = "rear"
serves = ["set"]
rounds = { "48n6e3" = 10 }
convoys = 2
convoy_rounds = 4
convoy_time = "20 h"
convoy_loss = 0.4
[[production]]
name = "line"
missile = "48n6e3"
depot = "rear"
per_month = 60
"""


@pytest.mark.parametrize("launchers_hit", [False, True])
def test_every_round_is_accounted_for(launchers_hit):
    """Bought and made is spent, lost or left, in every replication."""
    if launchers_hit:
        waves = wave("strike", "1 day", 'raids = ["strike"]') + wave("b", "5 days", 'raids = ["raid"]')
        whole = struck(waves, 1, "1 s")
        whole = whole.replace('aim = "set/1/92n6e"', 'aim = "set/1/launchers"') + REAR
    else:
        whole = text(THREE, p=0.5, reloads=1) + REAR
    run = fought(whole, 12)
    spent = run.spent.sum(axis=1)
    assert (run.rounds_bought + run.rounds_made == spent + run.rounds_lost + run.rounds_kept).all()
    assert run.rounds_made.sum() > 0 and run.rounds_lost.sum() > 0 and spent.sum() > 0
    first = run.wave_rounds[:, 0] + run.wave_behind[:, 0]
    assert (first <= run.rounds_bought + run.rounds_made).all()


def test_sanctions_and_local_production_reach_the_books():
    made = [
        int(fought(text(THREE) + supply + REAR.replace("per_month = 60", line), 1).rounds_made.sum())
        for supply in ("[supply]\n", "[supply]\nsanctions = true\n", "[supply]\nlocal_production = true\n")
        for line in ("per_month = 60", 'per_month = 60\nmade = "local"')
    ]
    assert made[0] > 0 and made[1] == 0 and made[2] == 0 and made[3] == 0 and made[4] > 0 and made[5] > 0


def test_supply_without_waves_is_one_raid_on_a_defence_in_service():
    whole = harness.scenario(harness.raid(count=2), p=1.0) + ALWAYS + FIGURES.format(up=10, down=30)
    run = fought(whole, 40)
    assert run.labels["wave"] == ["raid"] and run.wave_start_s.tolist() == [[0.0]] * 40
    assert abs(run.wave_parts_out.mean() / len(run.labels["part"]) - 0.75) < 0.06
    assert [name for name in run.labels["threat"]] == ["raid 1", "raid 2"]


VEHICLES = """
[assume.kalkan-upkeep]
needs_spare = 0
[assume.kalkan-upkeep.mean_time_between_failures]
vehicle = "{up}"
post = "9 years"
radar = "9 years"
launcher = "9 years"
link = "9 years"
[assume.kalkan-upkeep.mean_time_to_repair]
vehicle = "300 days"
post = "1 h"
radar = "1 h"
launcher = "1 h"
link = "1 h"
"""


def reloading(up: str) -> tuple[int, str]:
    """Rounds launched by one launcher with five reloads, and one vehicle to bring them."""
    whole = text(wave("night", "30 days"), harness.raid(count=6, spacing=60), launchers=1, reloads=5,
                 launcher='reload_time = "20 s"').replace("reload_sets = 5", "reload_sets = 5\nreload_vehicles = 1")
    run = fought(whole + ALWAYS + VEHICLES.format(up=up), 6)
    return int(run.spent.sum()), ", ".join(run.labels["part"])


def test_reload_vehicles_that_are_down_load_nothing():
    """All but always down: the first load is all there is; all but never: every target gets its round."""
    (few, parts), (many, _) = reloading("1 h"), reloading("9 years")
    assert "set/1/vehicle 1" in parts
    assert few == 6 * 4 < many == 6 * 6


def test_what_is_down_before_the_start_of_a_campaign_is_down_in_its_lead_in():
    """A wave at the very start: its window begins before the campaign does, with parts down as at any other time."""
    whole = text(wave("night", "0 s"), harness.raid(count=1)).replace('lead_in = "0 s"', 'lead_in = "10 h"')
    supply = ALWAYS.replace("2 years", "20 days") + FIGURES.format(up=3, down=1)
    campaign, n = harness.compiled(whole + supply).campaign, 40
    carried = History(campaign, stream_of(1, 0), 0, n).open(campaign.windows[0])
    down = sum(int((carried.spells[row, : carried.n[row]]["from_s"] <= 0.0).sum()) for row in range(n))
    among = n * campaign.n_part
    assert abs(down / among - 0.25) < 4.0 * np.sqrt(0.25 * 0.75 / among)
