"""The catalogue: its data, its rule, and each public conflict treated as classified."""

import dataclasses
import math
import re
import subprocess
import sys
from datetime import date

import pytest

from kalkan.catalogue import KINDS, CatalogueError, load_catalogue, parse_load
from kalkan.errors import ProblemsError

CAT = load_catalogue()
CLAIMS = [c for e in CAT.entries.values() for q in e.quantities.values() for c in q.claims]


def claims(entry, quantity, **wanted):
    found = CAT.quantity(entry, quantity).claims
    return [c for c in found if all(getattr(c, k) == v for k, v in wanted.items())]


def combinations(entry, quantity):
    by = CAT.quantity(entry, quantity).spec.by
    if by == ("against",):
        return [{"against": a} for a in ("aircraft", "uav", "cruise-missile")]
    if by == ("band", "aspect"):
        return [{"band": b, "aspect": a} for b in "LSCX" for a in ("nose", "beam", "tail")]
    if by == ("side",):
        return [{"side": side} for side in ("hostile", "friendly", "neutral")]
    if by == ("part",):
        return [{"part": part} for part in ("post", "radar", "launcher", "link")]
    if by == ("interceptor",):
        claimed = [c.conditions["interceptor"] for c in CAT.quantity(entry, quantity).claims]
        return [{"interceptor": i} for i in dict.fromkeys(claimed)]
    return [{}]


REQUIRED = [(i, q) for i, e in CAT.entries.items() for q in KINDS[e.kind]]


@pytest.mark.parametrize(("entry", "quantity"), REQUIRED)
def test_every_needed_quantity_resolves_in_si(entry, quantity):
    item = CAT.quantity(entry, quantity)
    for conditions in combinations(entry, quantity):
        found = CAT.resolve(entry, quantity, **conditions)
        assert found.unit_si == item.unit_si
        assert found.rule
        if item.dimension == "text":
            assert isinstance(found.value, str) and found.value
        else:
            assert isinstance(found.value, float) and math.isfinite(found.value)


# the contract's list, by hand: what compile asks for
@pytest.mark.parametrize(
    ("entry", "quantity", "conditions", "value", "unit"),
    [
        ("91n6e", "detection_range", {}, 390e3, "m"),
        ("91n6e", "detection_range", {"rcs_m2": 0.4}, 230e3, "m"),
        ("91n6e", "scan_period", {}, 12.0, "s"),
        ("91n6e", "sector_width", {}, 2 * math.pi, "rad"),
        ("92n6e", "detection_range", {}, 200e3, "m"),
        ("92n6e", "slew_rate", {}, math.radians(20), "rad/s"),
        ("92n6e", "target_channels", {}, 10.0, "1"),
        ("92n6e", "missile_channels", {}, 20.0, "1"),
        ("96l6e", "elevation_min", {}, math.radians(-3), "rad"),
        ("96l6e", "antenna_height", {"mounting": "mast"}, 24.0, "m"),
        ("55k6e", "reaction_time", {}, 10.0, "s"),
        ("5p85", "reload_time", {}, 3600.0, "s"),
        ("48n6e3", "kill_probability", {"against": "aircraft"}, 0.9, "1"),
        ("48n6e3", "kill_probability", {"against": "cruise-missile"}, 0.7, "1"),
        ("9m96e2", "kill_probability", {"against": "uav"}, 0.8, "1"),
        ("9m96e2", "max_range", {}, 120e3, "m"),
        ("f-16c", "max_load_factor", {}, 9 * 9.80665, "m/s2"),
        ("f-16c", "rcs", {"band": "X", "aspect": "nose"}, 2.0, "m2"),
        ("bayraktar-tb2", "cruise_speed", {}, 70 * 1852 / 3600, "m/s"),
        ("one-way-attack-drone", "unit_cost", {}, 20e3, "USD"),
    ],
)
def test_values_by_hand(entry, quantity, conditions, value, unit):
    found = CAT.resolve(entry, quantity, **conditions)
    assert (found.value, found.unit_si) == (pytest.approx(value, rel=1e-12), unit)
    assert CAT.value(entry, quantity, **conditions) == found.value


def test_entries_and_parts_exist():
    assert set(CAT.ids("system")) == {"s-400", "patriot", "patriot-ltamds", "gun-missile"}
    assert set(CAT.ids("radar")) == {
        "91n6e", "96l6e", "92n6e", "an-mpq-65", "allied-radar", "gun-missile-radar", "ltamds",
    }  # fmt: skip
    assert set(CAT.ids("airborne radar")) == {"e-3", "e-7", "erieye"}
    assert set(CAT.ids("interceptor")) == {
        "48n6e3", "48n6e2", "9m96e", "9m96e2", "40n6e", "pac-2-gem-t", "pac-3-mse",
        "short-range-missile", "gun-burst",
    }  # fmt: skip
    assert set(CAT.ids("air-vehicle")) == {
        "f-16c", "f-35a", "bayraktar-tb2", "su-25", "subsonic-cruise-missile",
        "low-observable-cruise-missile",
        "supersonic-cruise-missile", "anti-radiation-missile", "one-way-attack-drone", "decoy",
    }  # fmt: skip
    assert CAT.ids("civil aircraft") == ("airliner",)
    assert set(CAT.flyers()) == {*CAT.ids("air-vehicle"), *CAT.ids("ballistic missile"), "airliner"}
    assert set(CAT.ids("ballistic missile")) == {"short-range-ballistic-missile", "iskander-m", "atacms", "scud-b"}
    assert CAT.ids("traffic") and CAT.ids("deal") == ("s-400-deal",)
    for system in CAT.ids("system"):
        for part in ("command_post", "acquisition_radars", "engagement_radar", "launcher"):
            assert all(i in CAT.entries for i in CAT.resolve(system, part).ids)


@pytest.mark.parametrize("system", CAT.ids("system"))
def test_every_load_that_is_claimed_fills_the_tubes_with_what_the_launcher_takes(system):
    taken = CAT.resolve(system, "interceptors").ids
    for claim in claims(system, "load"):
        load = parse_load(claim.value)
        assert set(load) <= set(taken)
        used = sum(n / CAT.value(missile, "missiles_per_tube") for missile, n in load.items())
        assert used == CAT.value(CAT.value(system, "launcher"), "tubes")
    assert len(claims(system, "load")) >= 3


def test_the_load_is_the_one_read_from_pictures():
    assert parse_load(CAT.value("s-400", "load")) == {"48n6e3": 3, "9m96e2": 4}


# ------------------------------------------------------------------ every claim


def test_every_claim_is_dated_or_says_undated():
    for c in CLAIMS:
        if c.date != "undated":
            year, month, day = (int(x) for x in (c.date + "-01-01").split("-")[:3])
            assert date(2000, 1, 1) <= date(year, month, day)


def test_every_claim_names_its_source():
    for c in CLAIMS:
        assert c.title and c.claimant and c.origin and c.verified in ("seen", "from memory")
        assert c.url == "" or re.fullmatch(r"https?://[\w.-]+\.\w+(/\S*)?", c.url), c.url


def test_every_assumption_has_a_range_and_a_reason():
    assumptions = [c for c in CLAIMS if c.kind == "assumption"]
    assert assumptions and all(c.claimant == "kalkan" and len(c.note) > 10 for c in assumptions)
    for c in assumptions:
        if not isinstance(c.value, str):
            assert c.low is not None and c.high is not None and c.low <= c.value <= c.high
            assert c.low < c.high


def test_claims_keep_the_unit_as_claimed():
    slip = claims("s-400", "max_target_speed", unit="km/h")
    assert [c.shown for c in slip] == ["4800 km/h"] and slip[0].value == pytest.approx(4000 / 3)


def test_no_claim_is_about_guidance_or_places():
    words = re.compile(r"\b(seeker|warhead|fuz[ei]\w*|guidance|latitude|longitude)\b", re.I)
    assert not [c for c in CLAIMS if words.search(f"{c.quantity} {c.note} {c.excluded}")]


# ------------------------------------------------------------------ public conflicts, as classified

CLASSES = {
    ("s-400", "engagement_range"): "BV",
    ("s-400", "low_target_range"): "B",
    ("91n6e", "detection_range"): "BR",
    ("92n6e", "target_channels"): "LR",
    ("s-400", "max_target_altitude"): "VB",
    ("48n6e3", "min_target_altitude"): "BX",
    ("s-400", "max_target_speed"): "URV",
    ("9m96e2", "max_target_speed"): "URV",
    ("40n6e", "max_speed"): "XU",
    ("s-400", "launchers_per_fire_unit"): "LT",
    ("s-400", "fire_units"): "L",
    ("s-400", "price"): "L",
    ("55k6e", "reaction_time"): "R",
    ("92n6e", "instrumented_range"): "BX",
    ("96l6e", "band"): "U",
    ("48n6e3", "kill_probability"): "BX",
    ("f-35a", "rcs"): "X",
    ("one-way-attack-drone", "rcs"): "X",
    ("one-way-attack-drone", "unit_cost"): "TX",
    ("bayraktar-tb2", "rcs"): "TX",
}


@pytest.mark.parametrize(("entry", "quantity"), CLASSES)
def test_conflict_class(entry, quantity):
    assert set(CAT.quantity(entry, quantity).conflict.split()) == set(CLASSES[entry, quantity])


def test_unit_slips_and_role_errors_never_win():
    wrong = [c for c in CLAIMS if c.excluded]
    assert len(wrong) >= 15
    for c in wrong:
        for conditions in combinations(c.entry, c.quantity):
            assert CAT.resolve(c.entry, c.quantity, **conditions).claim is not c


@pytest.mark.parametrize("text", ["600 km", "400 km"])
def test_detection_range_is_not_the_instrumented_or_engagement_range(text):
    wrong = claims("91n6e", "detection_range", shown=text)
    assert wrong and all(c.excluded and c.conflict == "R" for c in wrong)
    assert CAT.value("91n6e", "instrumented_range") == 600e3


def test_230_km_fits_the_fourth_root_and_185_does_not():
    scaled = 390e3 * (0.4 / 4) ** 0.25
    assert CAT.value("91n6e", "detection_range", rcs_m2=0.4) == pytest.approx(scaled, rel=0.06)
    assert abs(185e3 / scaled - 1) > 0.15


def test_channels_belong_to_their_level():
    assert {c.level for c in claims("92n6e", "target_channels") if c.value in (36, 40, 80)} == {"full complement"}
    assert {c.level for c in claims("92n6e", "missile_channels") if c.value in (72, 160)} == {"full complement"}
    assert CAT.resolve("92n6e", "target_channels").claim.level == "fire unit"
    assert CAT.value("92n6e", "target_channels") * CAT.value("s-400", "fire_units") == 20
    assert CAT.value("92n6e", "missile_channels") * CAT.value("s-400", "fire_units") == 40
    whole = CAT.resolve("92n6e", "target_channels", level="full complement")
    assert whole.value in (36, 80) and whole.claim.conflict == "L"
    incoming = [c for c in claims("92n6e", "missile_channels") if "incoming" in c.excluded]
    assert [c.conflict for c in incoming] == ["R"]


def test_target_speed_is_by_interceptor():
    assert CAT.value("48n6e3", "max_target_speed") == 4800
    assert CAT.value("40n6e", "max_target_speed") == 4800
    assert CAT.value("9m96e2", "max_target_speed") == 2000
    assert all(c.excluded for c in claims("9m96e2", "max_target_speed", value=4800))


def test_mach_12_is_not_3100_metres_a_second():
    assert [bool(c.excluded) for c in claims("40n6e", "max_speed", value=3100)] == [True]


def test_four_clocks_stay_four_quantities():
    assert {c.value for c in claims("55k6e", "reaction_time") if c.kind != "assumption"} == {9, 10}
    clocks = [CAT.value("s-400", q) for q in ("standby_time", "missile_ready_time", "deploy_time")]
    assert clocks == [35, 180, 300]


def test_96l6e_is_s_band_and_c_is_a_slip():
    assert CAT.value("96l6e", "band") == "S"
    assert all(c.excluded and c.conflict == "U" for c in claims("96l6e", "band", value="C"))


def test_92n6e_uses_the_1_m2_estimate_with_its_range():
    found = CAT.resolve("92n6e", "detection_range")
    assert (found.value, found.low, found.high) == (200e3, 150e3, 250e3)
    assert found.conditions == {"rcs_m2": 1, "p_d": 0.8, "p_fa": 1e-6}


def test_three_of_three_shots_is_no_kill_probability():
    shots = [c for c in claims("48n6e3", "kill_probability") if c.low and c.low == 0.37]
    assert shots[0].excluded and shots[0].low == pytest.approx(0.05 ** (1 / 3), abs=0.002)


def test_game_floors_stay_listed_and_lose():
    assert claims("48n6e3", "min_target_altitude", value=884) and claims("40n6e", "min_target_altitude", value=6401)
    assert CAT.value("48n6e3", "min_target_altitude") == 25  # an analyst's, against four echoes of a brochure
    assert CAT.value("40n6e", "min_target_altitude") == 10


@pytest.mark.parametrize(
    ("entry", "merged", "schools"),
    [
        ("low-observable-cruise-missile", 0.0014, {0.05, 0.000038}),
        ("one-way-attack-drone", 0.02, {0.05, 0.008}),
    ],
)
def test_the_mean_of_two_schools_is_excluded(entry, merged, schools):
    nose = [c for c in claims(entry, "rcs") if c.conditions.get("aspect") == "nose"]
    assert all(c.excluded for c in nose if c.value == merged)
    assert schools <= {c.value for c in nose if not c.excluded}
    assert CAT.value(entry, "rcs", band="X", aspect="nose") == 0.05


def test_f35_claims_span_the_public_dispute():
    nose = [
        c.figure for c in claims("f-35a", "rcs") if c.conditions.get("aspect") == "nose" and "X" in c.conditions["band"]
    ]
    assert (min(nose), max(nose)) == (1e-4, 2e-2)
    found = CAT.resolve("f-35a", "rcs", band="X", aspect="nose")
    assert found.value == 5e-4 and "no other agrees" in found.rule and "the middle one" in found.rule


# ------------------------------------------------------------------ the rule


def test_one_brochure_counts_once():
    found = CAT.resolve("48n6e3", "max_target_speed")
    agreeing = [c for c in claims("48n6e3", "max_target_speed") if c.value == 4800]
    assert len(agreeing) == 3 and len({c.origin for c in agreeing}) == 1
    assert found.rule == "best source of 2 origins, no other agrees, grade C"


def test_more_origins_win_and_nothing_is_averaged():
    for c in CLAIMS:
        for conditions in combinations(c.entry, c.quantity):
            found = CAT.resolve(c.entry, c.quantity, **conditions)
            assert found.value == found.claim.figure
    assert CAT.resolve("s-400", "launchers_per_fire_unit").rule == "consensus: 7 of 12 origins, best grade C"


def test_an_assumption_speaks_only_when_nobody_else_does():
    assert "nobody publishes it" in CAT.resolve("92n6e", "slew_rate").rule
    assert CAT.resolve("48n6e3", "kill_probability", against="uav").claim.kind == "assumption"
    assert CAT.resolve("9m96e2", "kill_probability", against="uav").claim.kind == "encyclopaedia"


def test_a_scenario_may_assume():
    assume = {"91n6e": {"scan_period": 6.0}, "48n6e3": {"kill_probability": {"aircraft": 0.5}}}
    found = CAT.resolve("91n6e", "scan_period", assume=assume)
    assert (found.value, found.rule, found.claim) == (6.0, "this scenario assumes", None)
    assert CAT.resolve("48n6e3", "kill_probability", assume=assume, against="aircraft").value == 0.5
    assert CAT.resolve("48n6e3", "kill_probability", assume=assume, against="cruise-missile").value == 0.7
    whole = {"48n6e3": {"kill_probability": 0.6}}
    assert CAT.resolve("48n6e3", "kill_probability", assume=whole, against="uav").value == 0.6
    p_d = CAT.resolve("91n6e", "detection_range", assume={"91n6e": {"reference_p_d": 0.5}})
    assert p_d.conditions["p_d"] == 0.5


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (("s400", "load", {}), '"s400" is not in the catalogue — did you mean "s-400"?'),
        (("91n6e", "scan_perod", {}), '"91n6e" has no quantity "scan_perod" — did you mean "scan_period"?'),
        (("48n6e3", "kill_probability", {}), '"48n6e3" kill_probability needs the condition against'),
        (
            ("f-16c", "rcs", {"band": "K", "aspect": "nose"}),
            'nobody claims "f-16c" rcs for band = K, aspect = nose',
        ),
    ],
)
def test_mistakes_name_the_nearest(call, text):
    with pytest.raises(CatalogueError) as caught:
        CAT.value(call[0], call[1], **call[2])
    assert str(caught.value) == text and isinstance(caught.value, KeyError)


def test_nearest():
    assert CAT.nearest("S400") == "s-400" and CAT.nearest("f16") == "f-16c" and CAT.nearest("zzzzzz") is None


# ------------------------------------------------------------------ loading


def test_a_bad_file_reports_every_mistake_with_its_line(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        '[sources.me]\nclaimant = "me"\nkind = "friend"\ntitle = "t"\ndate = "soon"\n'
        'origin = "me"\nverified = "seen"\n'
        "[91n6e.scan_period]\nclaims = [\n"
        '  { value = 5, unit = "km", source = "kopp-apa" },\n'
        '  { value = 5, unit = "s", source = "kopp" },\n'
        '  { value = 5, unit = "s", source = "kalkan" },\n]\n'
        "[91n6e.scan_perid]\nclaims = []\n"
    )
    with pytest.raises(ProblemsError) as caught:
        load_catalogue([file])
    found = {(p.line, p.message.split(" —")[0]) for p in caught.value.problems}
    assert (1, 'date is "undated" or like "2019-07-15"') in found
    assert (10, 'unit "km" does not fit; it is one of s, ms, min, h, days, months, years') in found
    assert (11, 'source "kopp" is not defined') in found
    assert (12, "an assumption needs low and high") in found
    assert (12, "an assumption needs its reason in note") in found
    assert (14, "is not a known quantity") in found
    assert {p.file for p in caught.value.problems} == {str(file)}


def test_a_users_file_adds_a_claim_and_changes_the_identity(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('[91n6e.scan_period]\nclaims = [\n  { value = 10, unit = "s", source = "csis" },\n]\n')
    mine = load_catalogue([file])
    assert len(mine.quantity("91n6e", "scan_period").claims) == 2
    assert mine.identity != CAT.identity and re.fullmatch(r"[0-9a-f]{64}", CAT.identity)


def test_the_catalogue_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        CAT.identity = ""


def test_loading_needs_no_heavy_library():
    code = (
        "import sys; from kalkan.catalogue import explain, load_catalogue\n"
        "explain(load_catalogue(), 's-400')\n"
        "heavy = 'numba', 'numpy', 'scipy', 'rasterio', 'xarray', 'pydantic'\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
