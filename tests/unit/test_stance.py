"""Stances: whose figures are taken, and draws that respect origins."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalkan.catalogue import (
    CONDITIONS,
    SPECS,
    STANCES,
    CatalogueError,
    Stance,
    defence_wants,
    draw,
    load_catalogue,
    origin_of,
    origins,
    read_stance,
    span,
    voices,
)
from kalkan.catalogue.grades import weight
from kalkan.catalogue.resolve import matches

CAT = load_catalogue()
SCHOOLS = STANCES[:-1]


def cases():
    """Every quantity of every entry, under every combination of its conditions."""
    for entry in CAT.entries.values():
        for name, item in entry.quantities.items():
            words = [[(key, w) for w in CONDITIONS[key] or CAT.ids("interceptor")] for key in item.spec.by]
            for combination in itertools.product(*words):
                try:
                    CAT.resolve(entry.id, name, **dict(combination))
                except CatalogueError:
                    continue
                yield entry.id, name, dict(combination)


CASES = list(cases())
DRAWS = [draw(CAT, 5, i, 64) for i in range(64)]


def resolved(stance):
    return {(e, q, *c.values()): CAT.resolve(e, q, stance=stance, **c) for e, q, c in CASES}


EVERY = {w: resolved(Stance(w)) for w in SCHOOLS} | {d.text: resolved(d) for d in DRAWS[:16]}


@pytest.mark.parametrize("word", EVERY)
def test_a_stance_never_takes_an_excluded_claim_or_another_level(word):
    for found in EVERY[word].values():
        claim = found.claim
        assert claim is not None and not claim.excluded
        assert claim.level == CAT.quantity(claim.entry, claim.quantity).level


def able(found):
    """The claims that might have answered."""
    item = CAT.quantity(found.claim.entry, found.claim.quantity)
    asked = {k: v for k, v in found.conditions.items() if k in (*item.spec.by, *item.default)}
    return [c for c in item.claims if not c.excluded and c.level == item.level and matches(c, asked, item)]


@pytest.mark.parametrize("word", EVERY)
def test_a_value_is_one_that_its_claimant_gave_or_lies_in_the_range_that_it_counts_with(word):
    for found in EVERY[word].values():
        if isinstance(found.value, str):
            assert found.value == found.claim.value
        else:
            voice = voices(able(found), CAT.quantity(found.claim.entry, found.claim.quantity))
            low, high = span(next(c for c in voice if (c.listed or c) is found.claim))
            slack = 1e-12 * max(abs(low), abs(high))
            assert low - slack <= found.value <= high + slack


def test_unit_slips_and_role_errors_are_excluded_with_a_reason():
    wrong = [
        c for e in CAT.entries.values() for q in e.quantities.values() for c in q.claims
        if set("UR") & set(c.conflict.split())
    ]  # fmt: skip
    assert len(wrong) >= 10 and all(len(c.excluded) > 20 for c in wrong)


def test_low_is_no_better_for_the_defence_than_any_other_stance_and_high_no_worse():
    for key, low in EVERY["low"].items():
        wish = defence_wants(key[1], CAT.entry(key[0]).kind)
        if wish is None or isinstance(low.value, str):
            continue
        sign = 1 if wish == "high" else -1
        values = [sign * EVERY[w][key].value for w in EVERY]
        assert sign * low.value <= min(values) + 1e-9 * abs(min(values))
        assert sign * EVERY["high"][key].value >= max(values) - 1e-9 * abs(max(values))


def test_the_direction_that_is_good_for_the_defence_is_turned_round_for_what_flies_in():
    assert defence_wants("rcs", "air vehicle") == "high"
    assert defence_wants("cruise_speed", "air vehicle") == "low"
    assert defence_wants("scan_period", "radar") == "low"
    assert defence_wants("kill_probability", "interceptor") == "high"
    assert defence_wants("association_gate", "command post") is None


def test_every_direction_is_declared():
    assert {s.better for s in SPECS.values()} <= {"high", "low", "neither"}


def test_schools():
    maker = CAT.under(Stance("manufacturer"))
    assert maker.resolve("40n6e", "max_target_speed").claim.voice == "manufacturer"
    assert maker.resolve("s-400", "engagement_range").value == 250_000
    analysts = CAT.under(Stance("independent"))
    found = analysts.resolve("s-400", "engagement_range")
    assert found.claim.kind == "independent-analysis" and found.claim.voice != "manufacturer"
    press = CAT.resolve("s-400", "max_target_altitude", stance=Stance("press"))
    assert press.claim.kind == "press" and press.value == 30_000


def test_a_school_that_is_silent_says_so_and_takes_the_best_source():
    for word in ("manufacturer", "independent", "press"):
        for key, found in EVERY[word].items():
            if found.rule.startswith("no claim of this stance"):
                assert found.value == EVERY["best-source"][key].value


def test_who_repeats_a_maker_speaks_for_the_maker():
    found = CAT.resolve("48n6e3", "kill_probability", against="aircraft", stance=Stance("manufacturer"))
    assert found.claim.source == "kopp-apa" and found.claim.voice == "manufacturer"
    found = CAT.resolve("48n6e3", "kill_probability", against="aircraft", stance=Stance("independent"))
    assert found.rule.startswith("no claim of this stance")


# ------------------------------------------------------------------ named claims, and how they are written


def test_a_named_claim_is_taken():
    stance = read_stance("manufacturer+40n6e.max_range=hobby-wargame", CAT)
    assert CAT.resolve("40n6e", "max_range", stance=stance).value == 380_000
    assert stance.text == "manufacturer+40n6e.max_range=hobby-wargame"


def test_a_named_claimant_speaks_for_the_conditions_that_it_speaks_of():
    stance = read_stance("consensus+48n6e3.kill_probability=hobby-web-app", CAT)
    value = CAT.under(stance).value
    assert value("48n6e3", "kill_probability", against="aircraft") == 0.88
    assert value("48n6e3", "kill_probability", against="uav") == CAT.value("48n6e3", "kill_probability", against="uav")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lo", 'did you mean "low"'),
        ("", "is not a stance"),
        ("sampled", "needs a draw"),
        ("sampled:64/64", "needs a draw"),
        ("sampled:x", "needs a draw"),
        ("low:3", 'only "sampled" takes a draw'),
        ("press+91n6.scan_period=x", 'did you mean "91n6e"'),
        ("press+91n6e.scan=x", "has no quantity"),
        ("press+91n6e.scan_period=nobody", "claims nothing about 91n6e.scan_period; there are kopp-apa"),
        ("press+91n6e.detection_range=mehr", "role error"),
        ("press+s-400.deploy_time", "claims nothing"),
    ],
)
def test_mistakes_in_a_stance(text, told):
    with pytest.raises(CatalogueError) as caught:
        read_stance(text, CAT)
    assert told in str(caught.value)


def test_the_older_word_is_still_read():
    assert read_stance("consensus", CAT) == Stance() == read_stance("best-source", CAT)
    assert read_stance("consensus+92n6e.update_period=kalkan", CAT).text == "best-source+92n6e.update_period=kalkan"


@pytest.mark.parametrize("text", [*SCHOOLS, "sampled:3/64", "sampled:9/100@7", "low+92n6e.update_period=kalkan"])
def test_a_stance_reads_back_as_it_is_written(text):
    stance = read_stance(text, CAT)
    assert stance.text == text and read_stance(stance.text, CAT) == stance


# ------------------------------------------------------------------ draws


@given(seed=st.integers(0, 2**40), n=st.integers(1, 40))
@settings(deadline=None, max_examples=40)
def test_a_design_is_a_latin_hypercube(seed, n):
    chosen = origins(CAT)[:: len(origins(CAT)) // 4]
    rows = [draw(CAT, seed, i, n).uniforms for i in range(n)]
    for origin, side in itertools.product(chosen, (0, 1)):
        slices = sorted(int(row[origin][side] * n) for row in rows)
        assert slices == list(range(n))


def test_equal_draws_are_equal_and_others_differ():
    assert draw(CAT, 1, 3, 8) == draw(CAT, 1, 3, 8)
    assert draw(CAT, 1, 3, 8) != draw(CAT, 1, 4, 8)
    assert draw(CAT, 1, 3, 8).uniforms != draw(CAT, 2, 3, 8).uniforms


def test_more_sources_leave_the_numbers_of_the_others_alone(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        '[sources.mine]\nclaimant = "I"\nkind = "press"\ntitle = "T"\ndate = "2026"\n'
        'origin = "mine"\nverified = "seen"\n[91n6e.scan_period]\n'
        'claims = [{ value = 5, unit = "s", source = "mine" }]\n'
    )
    more = draw(load_catalogue([file]), 1, 3, 8).uniforms
    assert {k: v for k, v in more.items() if k != "mine"} == draw(CAT, 1, 3, 8).uniforms


def test_origins_are_taken_as_often_as_their_grade_weighs_however_many_rows_repeat_them():
    n = 2000
    taken = [CAT.resolve("s-400", "engagement_range", stance=draw(CAT, 9, i, n)).claim for i in range(n)]
    item = CAT.quantity("s-400", "engagement_range")
    speaking = {}
    for claim in item.claims:
        if not claim.excluded:
            speaking.setdefault(origin_of(claim), []).append(claim)
    weights = np.array([weight(speaking[o]) for o in sorted(speaking)])
    assert len(set(weights)) > 2
    counts = np.array([sum(origin_of(c) == o for c in taken) for o in sorted(speaking)])
    expected = n * weights / weights.sum()
    chi2 = ((counts - expected) ** 2 / expected).sum()
    assert chi2 < 1.6 * len(speaking) + 12  # far above the 99.9 % point for 5 to 20 degrees of freedom


def test_rows_of_one_origin_move_together():
    low, high = (Stance("sampled", uniforms=dict.fromkeys(origins(CAT), (0.5, p))) for p in (0.01, 0.99))
    poor, good = resolved(low), resolved(high)
    moved = 0
    for key, found in poor.items():
        better = SPECS[key[1]].better
        if better == "neither" or isinstance(found.value, str):
            continue
        assert (good[key].value >= found.value) if better == "high" else (good[key].value <= found.value)
        moved += good[key].value != found.value
    assert moved > 50


def test_one_origin_is_believed_on_everything_where_the_same_others_speak():
    for stance in DRAWS:
        for missile in ("48n6e3", "40n6e", "9m96e2"):
            pairs = {}
            for quantity in ("min_range", "max_target_altitude"):
                able = {origin_of(c) for c in CAT.quantity(missile, quantity).claims if not c.excluded}
                taken = origin_of(CAT.resolve(missile, quantity, stance=stance).claim)
                assert pairs.setdefault(frozenset(able), taken) == taken


def test_confirmation_never_asks_for_more_plots_than_scans():
    for found in EVERY.values():
        assert found["55k6e", "track_confirm_m"].value <= found["55k6e", "track_confirm_n"].value


def test_counts_are_drawn_whole_and_areas_evenly_in_their_logarithm():
    counts = {found["55k6e", "track_confirm_m"].value for found in map(resolved, DRAWS[:8])}
    assert counts <= {2.0, 3.0, 4.0}
    n = 400
    rcs = [
        CAT.resolve("bayraktar-tb2", "rcs", band="L", aspect="nose", stance=draw(CAT, 3, i, n)).value for i in range(n)
    ]
    assert np.median(np.log(rcs)) == pytest.approx(np.log(0.5), abs=0.02), "0.5 (0.1 to 2): the figure is the middle"
    assert sorted(rcs)[n // 4] == pytest.approx(np.sqrt(0.1 * 0.5), rel=0.05), "and each side even in its logarithm"


def test_only_some_quantities_are_drawn():
    stance = draw(CAT, 1, 3, 8, only={"92n6e.detection_range"})
    found = resolved(stance)
    assert found["92n6e", "detection_range"].rule.startswith("drawn")
    others = [k for k in found if k[:2] != ("92n6e", "detection_range")]
    assert all(found[k].value == EVERY["best-source"][k].value for k in others)


def test_a_draw_outside_the_design_is_refused():
    with pytest.raises(ValueError, match="not one of 0 to 7"):
        draw(CAT, 1, 8, 8)
