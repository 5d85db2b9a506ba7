"""As of a day: what batches have not made ready is not there, to the last bit, and every date decides something."""

import numpy as np
import pytest

from kalkan.catalogue import draw, load_catalogue
from kalkan.compile import compile_scenario
from kalkan.errors import ProblemsError
from kalkan.scenario import Batch, Delivery, parse
from kalkan.schema import LEAKED
from tests.engine import harness

TEXT = harness.scenario(harness.raid(count=6), p=0.7, salvo=1, units=2, launchers=4, horizon="14 min")
OTHER = """
[[systems]]
name = "other"
type = "s-400"
position = [39.0, 33.3]
fire_units = 2
fire_unit_positions = [[39.0, 33.3], [39.0, 33.5]]
launchers = 2
loads = { "48n6e3" = 4 }
"""
BATCH = '[[batches]]\nname = "second"\nsystems = ["other"]\n'
READY = BATCH + 'delivered = "2020-01-01"\nready = "2020-06-01"\n'
BEFORE, AFTER = "2020-05-31", "2020-06-01"


def played(text: str, n: int = 3):
    return harness.run(harness.compiled(text), n)


def as_of(day: str, text: str) -> str:
    return f'as_of = "{day}"\n{text}'


def same(one, other) -> bool:
    """Whether every recorded variable agrees to the last bit."""
    assert one.labels == other.labels
    arrays = {k: v for k, v in vars(one).items() if k != "labels"}
    return all(v.tobytes() == getattr(other, k).tobytes() for k, v in arrays.items())


def test_what_is_not_ready_is_as_if_it_were_not_written():
    without, whole = played(TEXT), played(TEXT + OTHER)
    assert same(played(as_of(BEFORE, TEXT + OTHER + READY)), without)
    assert same(played(as_of(AFTER, TEXT + OTHER + READY)), whole)
    assert same(played(TEXT + OTHER + READY), whole), "no day is asked about"
    assert not np.array_equal(without.spent.sum(), whole.spent.sum())


def test_outages_and_successors_of_what_is_not_there_are_gone_with_it():
    lines = '[[outages]]\nname = "dark"\nparts = ["other/1", "set/1/92n6e"]\nfrom = "2 min"\n'
    lines += '[[outages]]\nname = "far"\nparts = ["other/post"]\n'
    handed = TEXT.replace('name = "set"', 'name = "set"\nhand_over = "other"') + OTHER + lines
    alone = TEXT + lines.replace('"other/1", ', "").partition('[[outages]]\nname = "far"')[0]
    assert same(played(as_of(BEFORE, handed + READY)), played(alone))
    assert played(alone).labels != played(TEXT).labels, "the outage decides something"


PARTLY = BATCH + """deliveries = [
  { delivered = "2020-01-01", parts = ["other/1/92n6e", "other/1/launcher 2"] },
  { delivered = "2021-01-01", parts = ["other"] },
  { delivered = "2022-01-01" },
]
training = "0 days"
work_up = "0 days"
"""


def test_a_system_grows_by_its_parts():
    """A fire unit alone, then led by its post, then beside the second; each keeps its name."""
    for day, posts, units, radars, launchers in [
        ("2019-12-31", ["set"], ["set/1", "set/2"], 4, 8),
        ("2020-01-01", ["other/1", "set"], ["other/1", "set/1", "set/2"], 5, 9),
        ("2021-01-01", ["other", "set"], ["other/1", "set/1", "set/2"], 7, 9),
        ("2022-01-01", ["other", "set"], ["other/1", "other/2", "set/1", "set/2"], 8, 12),
    ]:
        made = harness.compiled(as_of(day, TEXT + OTHER + PARTLY))
        assert (made.labels["post"], made.labels["unit"]) == (posts, units)
        assert (len(made.labels["radar"]), len(made.plan.launchers)) == (radars, launchers)


def test_a_part_that_is_there_alone_is_a_link_that_is_cut():
    """One launcher of one unit without its post: as where that is written."""
    written = OTHER.replace("fire_units = 2", 'fire_units = 1\nlink = "cut"').replace(", [39.0, 33.5]", "")
    written = written.replace("launchers = 2", "launchers = 1")
    assert same(played(as_of("2020-06-01", TEXT + OTHER + PARTLY)), played(TEXT + written))


def test_the_second_of_two_units_keeps_its_name_and_place():
    late = BATCH + 'deliveries = [{ delivered = "2020-01-01", parts = ["other", "other/2"] }, { delivered = "2030" }]\n'
    made = harness.compiled(as_of("2021-01-01", TEXT + OTHER + late + 'training = "0 days"\nwork_up = "0 days"\n'))
    whole = harness.compiled(TEXT + OTHER)
    assert made.labels["unit"] == ["other/2", "set/1", "set/2"]
    assert np.array_equal(made.plan.units["key"], whole.plan.units["key"][1:])
    assert np.array_equal(made.plan.units["position_m"], whole.plan.units["position_m"][1:])


def test_a_raid_at_what_is_not_there_yet_arrives_at_an_empty_site():
    aimed = TEXT.replace('aim = "centre"', 'aim = "other/2"') + OTHER
    aimed = aimed.replace('{ position = [39.0, 33.0], altitude', '{ position = [39.0, 33.5], altitude')
    made = harness.compiled(as_of(BEFORE, aimed + READY))
    run = harness.run(made, 2)
    assert made.labels["asset"] == ["centre", "other/2"] and made.attrs["asset_value"] == [10.0, 0.0]
    assert made.plan.damage.on == 0, "nothing there can be put out"
    assert (run.threat_outcome == LEAKED).any()
    there = harness.compiled(as_of(AFTER, aimed + READY))
    assert there.attrs["asset_value"] == [10.0, 1.0] and there.plan.damage.on == 1
    assert np.array_equal(made.plan.knots["position_m"], there.plan.knots["position_m"])


def test_before_everything_nothing_is_defended():
    """No post, no radar, no fire unit: everything leaks, by the same compiled loop."""
    from numba import typeof

    all_of_it = READY.replace('["other"]', '["other", "set"]')
    made = harness.compiled(as_of(BEFORE, TEXT + OTHER + all_of_it))
    assert made.labels["post"] == made.labels["unit"] == made.labels["radar"] == []
    assert (harness.run(made, 2).threat_outcome == LEAKED).all()
    usual = harness.compiled(TEXT + OTHER).plan
    assert [typeof(part) for part in made.plan] == [typeof(part) for part in usual], "no second compilation"


# every field of a batch, and every figure that stands in for one, decides when "other" is there
SCENES = {
    "batch.systems": ('systems = ["set", "other"]\nready = "2020-06-01"\ndelivered = "2020-01-01"\n', BEFORE, 0),
    "batch.contract": (
        'contract = "2019-01-01"\ndelivery_time = "1 years"\ntraining = "1 h"\nwork_up = "1 h"\n', BEFORE, 4,
    ),
    "batch.delivered": ('delivered = "2020-05-31"\ntraining = "0 days"\nwork_up = "0 days"\n', BEFORE, 4),
    "batch.delivery_time": (
        'contract = "2020-01-01"\ndelivery_time = "1 days"\ntraining = "1 h"\nwork_up = "1 h"\n', BEFORE, 4,
    ),
    "batch.deliveries": (
        'deliveries = [{ delivered = "2020-01-01", parts = ["other/1", "other"] }, { delivered = "2021-01-01" }]\n'
        'training = "0 days"\nwork_up = "0 days"\n', BEFORE, 3,
    ),
    "batch.training_from": ('delivered = "2020-05-01"\ntraining_from = "2019-01-01"\nwork_up = "0 days"\n', BEFORE, 4),
    "batch.training": ('delivered = "2020-05-01"\ntraining = "1 days"\nwork_up = "0 days"\n', BEFORE, 4),
    "batch.work_up": ('delivered = "2019-10-01"\nwork_up = "1 days"\n', BEFORE, 4),
    "batch.ready": ('delivered = "2020-05-01"\nready = "2020-05-31"\n', BEFORE, 4),
    "model.delivery_time": (
        'contract = "2020-01-01"\ntraining = "1 h"\nwork_up = "1 h"\n[assume.kalkan-model]\ndelivery_time = "1 days"\n',
        BEFORE, 4,
    ),
    "model.crew_training": (
        'delivered = "2020-01-01"\nwork_up = "0 days"\n[assume.kalkan-model]\ncrew_training = "100 days"\n', BEFORE, 4,
    ),
    "model.work_up": (
        'delivered = "2020-01-01"\ntraining = "0 days"\n[assume.kalkan-model]\nwork_up = "100 days"\n', BEFORE, 4,
    ),
}  # fmt: skip
# the same without what is told: then "other" is not there by then, or nothing else is missing
WITHOUT = {
    "batch.systems": ('systems = ["other"]', 2),
    "batch.contract": ('contract = "2022-01-01"', 2),
    "batch.delivered": ('delivered = "2020-06-01"', 2),
    "batch.delivery_time": ("", 2),
    "batch.deliveries": ('delivered = "2020-01-01"', 4),
    "batch.training_from": ("", 2),
    "batch.training": ("", 2),
    "batch.work_up": ("", 2),
    "batch.ready": ("", 2),
    "model.delivery_time": ("", 2),
    "model.crew_training": ("", 2),
    "model.work_up": ("", 2),
}


def units_there(lines: str, day: str) -> int:
    """Fire units, of which "set" has two and "other" two."""
    head = '[[batches]]\nname = "second"\n' + ("" if "systems" in lines else 'systems = ["other"]\n')
    text = TEXT.replace("[assume.kalkan-model]", "[assume.kalkan-model]\n#more")
    own, _, assumed = lines.partition("[assume.kalkan-model]\n")
    made = harness.compiled(as_of(day, text.replace("#more", assumed) + OTHER + head + own))
    return len(made.labels["unit"])


@pytest.mark.parametrize("field", SCENES)
def test_a_field_decides_what_is_there(field):
    lines, day, wanted = SCENES[field]
    key = field.partition(".")[2]
    instead, otherwise = WITHOUT[field]
    kept = [line for line in lines.splitlines() if not line.startswith(f"{key} =")]
    assert units_there(lines, day) == wanted
    assert units_there("\n".join([instead, *kept]) + "\n", day) == otherwise


def test_every_field_has_its_scene():
    fields = {f"batch.{f.alias or n}" for n, f in Batch.model_fields.items()} - {"batch.name"}
    assert fields == {name for name in SCENES if name.startswith("batch.")}
    assert set(Delivery.model_fields) == {"delivered", "parts"}, "in the scene of deliveries"


def test_a_draw_may_be_of_another_day_of_readiness():
    catalogue = load_catalogue()
    written = parse(as_of("2021-01-01", TEXT + OTHER + BATCH + 'delivered = "2020-01-01"\n'))
    drawn = [compile_scenario(written, catalogue, stance=draw(catalogue, 1, k, 8)) for k in range(8)]
    assert {len(made.labels["unit"]) for made in drawn} == {2, 4}


def test_figures_used_tell_whose_dates_they_are():
    text = BATCH + 'contract = "s-400-deal.contract_date"\ndelivered = "s-400-deal.first_delivery"\n'
    made = harness.compiled(as_of("2026-01-01", TEXT + OTHER + text))
    used = {f"{r['entry']}.{r['quantity']}": r for r in made.attrs["inputs"]}
    assert "Canikli" in used["s-400-deal.contract_date"]["claimant"]
    assert used["s-400-deal.first_delivery"]["value"] == "2019-07-12/2019-07-25"
    assert used["kalkan-model.crew_training"]["kind"] == used["kalkan-model.work_up"]["kind"] == "assumption"
    told = made.attrs["batches"]
    assert told["as_of"] == "2026-01-01" and [d["there"] for d in told["deliveries"]] == [True]
    assert "s-400-deal" not in {r["entry"] for r in harness.compiled(TEXT).attrs["inputs"]}


def test_a_cover_of_nothing_is_told():
    from kalkan.cover.laydown import lay_down

    written = parse(as_of(BEFORE, TEXT + OTHER + READY.replace('["other"]', '["other", "set"]')))
    with pytest.raises(ProblemsError, match="nothing to cover"):
        lay_down(written, load_catalogue(), "f-16c")
    partly = parse(as_of(BEFORE, TEXT + OTHER + READY))
    assert {r.written.name for r in lay_down(partly, load_catalogue(), "f-16c").layout.radars} == {"set"}


TWO = '[[batches]]\nname = "one"\nsystems = ["set"]\ncontract = "2019"\n' + READY


def first(n: int, text: str) -> str:
    return f"first_batches = {n}\n{text}"


def test_batches_that_are_not_bought_are_as_if_they_were_not_written():
    """To the last bit, in the order in which they stand; what belongs to no batch stays; a day counts beside it."""
    without, whole = played(TEXT), played(TEXT + OTHER)
    assert same(played(first(1, TEXT + OTHER + TWO)), without)
    assert same(played(first(2, TEXT + OTHER + TWO)), whole)
    assert same(played(first(0, TEXT + OTHER + READY)), without), "set belongs to no batch"
    turned = played(first(1, TEXT + OTHER + READY + TWO.replace(READY, "")))
    assert turned.labels["post"] == ["other"], "the first is the first as they are written"
    assert same(played(as_of(BEFORE, first(2, TEXT + OTHER + TWO.replace("2019", "2010")))), without)


def test_of_no_batch_everything_leaks_at_empty_sites():
    aimed = TEXT.replace('aim = "centre"', 'aim = "other/2"').replace(
        '{ position = [39.0, 33.0], altitude', '{ position = [39.0, 33.5], altitude'
    )
    made = harness.compiled(first(0, aimed + OTHER + TWO))
    assert made.labels["unit"] == [] and (harness.run(made, 2).threat_outcome == LEAKED).all()
    assert made.attrs["asset_value"] == [10.0, 0.0] and made.attrs["batches"]["bought"] == [0, 2]


def test_dates_of_what_is_not_bought_are_not_asked_for():
    """So that no study varies them; without a day nobody's are."""
    def read(text: str) -> set[str]:
        return {row["quantity"] for row in harness.compiled(text).attrs["inputs"]}

    claimed = TEXT + OTHER + BATCH + 'contract = "s-400-deal.contract_date"\n'
    assert "work_up" in read(as_of("2030-01-01", claimed))
    assert not read(as_of("2030-01-01", first(0, claimed))) & {"work_up", "contract_date", "delivery_time"}
