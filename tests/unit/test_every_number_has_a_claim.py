"""No number that drives a simulation lives outside the catalogue, the scenario or geometry.

Two walks: over every field of the Plan, which must say where it comes from and prove it (all claims
are changed at once: fields that come from claims must change, the others must not); and over every
number in the code of the loop, its models and the compiler, which must say why it is no claim.
"""

import ast
from pathlib import Path

import numpy as np
import pytest

import kalkan
from kalkan.catalogue import SPECS, CatalogueError, load_catalogue, parse_load
from kalkan.catalogue.kinds import KINDS, OPTIONAL
from kalkan.catalogue.role import role
from kalkan.compile import compile_scenario
from kalkan.kernels import plan as kinds
from kalkan.scenario import parse, starter

CAT = load_catalogue()
COMPOSITION = {"fire_units", "launchers_per_fire_unit", "load", "missiles_per_tube", "swerling"}
MODEL = "kalkan-model"

# field -> the quantities that it is made of
CLAIMS = {
    "study.initial_speed_m_s": "initial_speed_sigma",
    "study.gate": "association_gate",
    "knots.t_s": "cruise_speed",
    "knots.velocity_m_s": "cruise_speed",
    "threats.leak_s": "cruise_speed",
    "threats.duration_s": "cruise_speed",
    "kinds.swerling": "swerling",
    "kinds.hit_probability": "hit_probability",
    "rcs_dbsm": "rcs",
    "radars.scan_period_s": "scan_period search_period",
    "radars.sector_rad": "sector_width",
    "radars.range_min_m": "min_range",
    "radars.range_max_m": "instrumented_range",
    "radars.tan_elevation_min": "elevation_min",
    "radars.tan_elevation_max": "elevation_max",
    "radars.snr_1m_db": "detection_range reference_p_d reference_p_fa pulses_integrated reference_swerling",
    "radars.snr_reference_db": "reference_p_d reference_p_fa pulses_integrated reference_swerling",
    "radars.range_sigma_m": "range_sigma",
    "radars.azimuth_sigma_rad": "azimuth_sigma",
    "radars.elevation_sigma_rad": "elevation_sigma",
    "radars.rate_sigma_m_s": "radial_speed_sigma",
    "radars.noise_floor": "noise_floor_fraction",
    "radars.false_alarms_per_scan": "false_alarms_per_scan",
    "radars.position_m": "antenna_height fire_unit_distance",
    "radars.antenna_m": "antenna_height",
    "p_d": "pulses_integrated reference_p_fa",
    "pictures.confirm_m": "track_confirm_m",
    "pictures.confirm_n": "track_confirm_n",
    "pictures.confirm_gate": "confirm_gate",
    "pictures.usual_speed_m_s": "usual_speed",
    "pictures.coast_s": "track_drop_misses scan_period",
    "pictures.process_noise_m_s2": "process_noise",
    "pictures.capacity": "targets_tracked",
    "pictures.cycle_s": "command_cycle",
    "pictures.reaction_s": "reaction_time acquisition_hits update_period crew_delay",
    "pictures.assessment_s": "assessment_time",
    "pictures.assessment_error": "assessment_error",
    "pictures.threatened_m": "threatened_radius",
    "pictures.patience_s": "hold_patience",
    "pictures.retry_s": "retry_delay",
    "pictures.minor_share": "minor_threat_share",
    "pictures.fresh_share": "fresh_track_share",
    "pictures.urgency_s": "urgency_time",
    "pictures.same_object_m": "same_object_distance",
    "pictures.memory_s": "lost_target_memory",
    "pictures.slow_m_s": "slow_target_speed",
    "pictures.low_m": "low_target_altitude",
    "pictures.strike_m": "strike_distance",
    "pictures.nearer_share": "nearer_share",
    "pictures.climb_sigmas": "believed_climb",
    "pictures.lowest_m": "lowest_flight",
    "pictures.common_cause": "common_cause_share",
    "pictures.reserve_s": "reserve_time",
    "units.target_channels": "target_channels",
    "units.missile_channels": "missile_channels",
    "units.update_s": "update_period",
    "units.cue_m": "cue_search_distance",
    "units.slew_rad_s": "slew_rate",
    "units.acquire_hits": "acquisition_hits",
    "units.acquire_looks": "acquisition_window update_period",
    "units.drop_misses": "drop_misses",
    "units.launch_interval_s": "launch_interval",
    "units.reload_s": "reload_time",
    "units.salvo": "salvo",
    "units.max_rounds": "salvo max_salvos",
    "units.least_chance": "launch_threshold",
    "units.earliest_m": "earliest_share max_range",
    "units.reserve": "reserve",
    "units.position_m": "fire_unit_distance",
    "launchers.load": "load",
    "interceptors.range_step_m": "max_range",
    "interceptors.altitude_step_m": "max_target_altitude",
    "interceptors.range_min_m": "min_range",
    "interceptors.range_max_m": "max_range",
    "interceptors.altitude_min_m": "min_target_altitude",
    "interceptors.altitude_max_m": "max_target_altitude",
    "interceptors.target_speed_max_m_s": "max_target_speed",
    "interceptors.flight_max_s": "max_speed burn_time propellant_fraction drag_coefficient launch_mass diameter",
    "interceptors.range_slope_s_m": "max_speed burn_time max_range",
    "interceptors.altitude_slope_s_m": "max_speed burn_time max_target_altitude",
    "interceptors.active_m": "active_distance",
    "interceptors.basket_m": "basket_radius",
    "interceptors.p_kill": "kill_probability",
    "interceptors.no_speed_ratio": "no_speed_ratio",
    "interceptors.full_speed_ratio": "full_speed_ratio",
    "interceptors.full_crossing_rad": "full_crossing",
    "interceptors.tail_chase_factor": "tail_chase_factor",
    "interceptors.edge_factor": "edge_factor",
    "interceptors.edge_fraction": "edge_fraction",
    "flight_s": "max_speed slowest_interceptor",
    "arrival_m_s": "max_speed slowest_interceptor",
}
# field -> the scenario's key, or how it follows from places or words; none of these depends on a number claimed
ELSEWHERE = {
    "threats.spared_share": "studies of rare events; 0 in every run",
    "study.horizon_s": "study.horizon",
    "study.refraction_k": "region.refraction_k",
    "threats.start_s": "raids.start, spacing",
    "threats.mean_gap_s": "raids.spacing",
    "threats.time_jitter_s": "raids.time_jitter",
    "threats.route_jitter_m": "raids.route_jitter",
    "threats.reach_m": "raids.route_jitter",
    "assets.value": "assets.value",
    "pictures.assignment": "doctrine.assignment; left open, the claim assignment: a word",
    "pictures.coordination": "command.coordination",
    "pictures.origin_m": "systems.position",
    "pictures.to_local": "systems.position",
    "pictures.altitude_m": "terrain at systems.position",
    "pictures.mean_radius_m": "WGS-84 at systems.position",
    "launchers.reload_sets": "systems.reload_sets",
    "units.worth": "doctrine.last_resort, never; left open, the claims last_resort_against, never_against: words",
    "units.altitude_m": "terrain",
    "asset_m": "assets.position",
    "kinds.target_class": "a word",
}
# places of fire units and their radars follow from the default distance and the antenna's height
PLACES = {
    "knots.position_m", "knots.lateral", "knots.clearance_m", "radars.to_local", "radars.to_picture",
    "radars.offset_m", "radars.lat_terms", "radars.horizon_radius_m", "horizon", "units.preference",
    "radars.boresight_rad",
}  # fmt: skip
# what this scenario leaves out: zero here, and from claims or the scenario where it is switched on
OFF = {
    "weather.on": "[weather]",
    "weather.rain_top_m": "weather.rain_height",
    "weather.rain_extent_m": "weather.rain_extent",
    "weather.lobing": "weather.sea_lobing",
    "weather.wave_sigma_m": "weather.wave_height",
    "weather.radars": "frequency elevation_beamwidth",
    "weather.gas_db": "frequency",
    "weather.sea": "terrain",
    "threats.spared_share": "rare events",
    "threats.offset_m": "raids.formation_width of more places than there are paths",
    "threats.shift_s": "raids.formation_width: ways of other lengths, at cruise_speed",
}
INDICES = {
    "key", "path", "raid", "kind", "aim", "first", "last", "picture", "role", "radar", "unit", "first_launcher",
    "last_launcher", "horizon_first", "horizon_n_azimuth", "horizon_n_range", "max_tracks", "max_events",
}  # fmt: skip


def fields(plan):
    """Name → array of every field of a plan, structured arrays taken apart."""
    found = {}
    for name, part in plan._asdict().items():
        if isinstance(part, tuple):
            found |= {f"{name}.{f}": np.asarray(v) for f, v in part._asdict().items()}
        elif part.dtype.names:
            found |= {f"{name}.{f}": part[f] for f in part.dtype.names}
        else:
            found[name] = part
    return found


def scenario(assume=None):
    found = parse(starter("small").replace('loads = { "48n6e3" = 3, "9m96e2" = 4 } #', "#"))
    raids = tuple(r.model_copy(update={"speed": None}) for r in found.raids)
    return found.model_copy(update={"assume": assume or {}, "raids": raids})


def changed(row):
    """Another value for an input: lower, or one more of what is counted."""
    factor = 0.9 if len(row["quantity"]) % 2 else 0.6  # two factors, so that ratios change as well
    return row["value"] + 1.0 if SPECS[row["quantity"]].whole else factor * row["value"]


@pytest.fixture(scope="module")
def compiled():
    plain = compile_scenario(scenario(), CAT)
    rows = plain.attrs["inputs"]
    assume = {}
    for row in rows:
        if isinstance(row["value"], float) and row["quantity"] not in COMPOSITION:
            assume.setdefault(row["entry"], {})[row["quantity"]] = changed(row)
    return plain, compile_scenario(scenario(assume), CAT)


def same(a, b):
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def test_every_field_of_the_plan_says_where_it_comes_from(compiled):
    names = {n for n in fields(compiled[0].plan) if n.split(".")[-1] not in INDICES}
    assert names - set(CLAIMS) - set(ELSEWHERE) - set(OFF) - PLACES == set()
    assert (set(CLAIMS) | set(ELSEWHERE) | PLACES) - names == set()


def test_what_the_scenario_leaves_out_is_zero(compiled):
    found = fields(compiled[0].plan)
    assert not [n for n in OFF if n in found and any(found[n].tobytes())]


@pytest.mark.parametrize("name", CLAIMS)
def test_a_field_that_comes_from_claims_moves_with_them(compiled, name):
    plain, moved = (fields(c.plan)[name] for c in compiled)
    if set(CLAIMS[name].split()) & COMPOSITION:
        return  # its size is another: see the test of compositions
    assert not same(plain, moved)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_field_that_comes_from_elsewhere_does_not(compiled, name):
    plain, moved = (fields(c.plan)[name] for c in compiled)
    assert same(plain, moved)


def test_every_quantity_named_here_was_asked_of_the_catalogue(compiled):
    asked = {r["quantity"] for r in compiled[0].attrs["inputs"]}
    assert {q for quantities in CLAIMS.values() for q in quantities.split()} <= asked
    known = {q for quantities in CLAIMS.values() for q in quantities.split()} | COMPOSITION
    only_words_and_money = {q for q in asked - known if SPECS[q].dimension in ("text", "money")}
    unused_by_the_plan = {"max_load_factor"}  # it rounds the corners of routes: knots of routes that turn
    assert asked - known - only_words_and_money - unused_by_the_plan == set()


def test_every_input_has_a_claim_with_its_source(compiled):
    rows = compiled[0].attrs["inputs"]
    assert len(rows) > 100
    for row in rows:
        assert row["source"] and row["claimant"] and row["rule"] and row["date"], row


def test_the_role_of_a_quantity_is_what_a_run_does_with_it(compiled):
    two_posts = parse(starter("second-batch")).variants_resolved()["two-batches"]
    doppler = parse(starter("small").replace('"s-400"', '"patriot"').replace('loads = { "48n6e3"', "#"))
    rows = compiled[0].attrs["inputs"] + compile_scenario(two_posts, CAT).attrs["inputs"]
    rows += compile_scenario(doppler, CAT).attrs["inputs"]  # its engagement radar measures range rates
    asked = {(CAT.entry(r["entry"]).kind, r["quantity"]) for r in rows}
    named = [(kind, q) for names in (KINDS, OPTIONAL) for kind, some in names.items() for q in some]
    driving = {(kind, q) for kind, q in named if role(q, kind) == "drives"}
    in_weather = {(k, q) for k in ("radar", "engagement radar") for q in ("frequency", "elevation_beamwidth")}
    assert driving - in_weather == asked


RATE = """\
[92n6e.radial_speed_sigma]
claims = [
  { value = 5, low = 2, high = 9, unit = "m/s", source = "kalkan", note = "x"%s },
]
"""


@pytest.mark.parametrize(
    ("more", "sigma"), [("", 5.0), (', excluded = "a mistake"', np.inf), (', band = "L"', "nobody claims")]
)
def test_a_radar_measures_range_rates_if_somebody_claims_it(tmp_path, more, sigma):
    """A claim that cannot be used is told, and is not taken for a radar without one."""
    file = tmp_path / "more.toml"
    file.write_text(RATE % more)
    catalogue = load_catalogue([file])
    if isinstance(sigma, str):
        with pytest.raises(CatalogueError, match=sigma):
            compile_scenario(scenario(), catalogue)
        return
    found = compile_scenario(scenario(), catalogue)
    engages = [name.endswith("92n6e") for name in found.labels["radar"]]
    assert (found.plan.radars["rate_sigma_m_s"][engages] == sigma).all()


def test_compositions_are_claims(compiled):
    plan = compiled[0].plan
    assert plan.units.size == CAT.value("s-400", "fire_units")
    assert plan.launchers.size == plan.units.size * CAT.value("s-400", "launchers_per_fire_unit")
    load = parse_load(CAT.value("s-400", "load"))
    assert plan.launchers["load"][0][: len(load)].tolist() == [load[m] for m in compiled[0].labels["interceptor"]]
    assert plan.kinds["swerling"][0] == CAT.value("subsonic-cruise-missile", "swerling")


# ------------------------------------------------------------------ numbers in the code

# constants of the code: mathematics, physics, fineness of a table, size of a room. Everything else is a claim.
NO_CLAIM = {
    "kernels/engagement.py": {"FAR_FUTURE_S": "a time that never comes"},
    "kernels/holding.py": {"SAMPLES": "fineness"},
    "kernels/intercept.py": {
        "LEAST_STEP_S": "step of a search", "MAX_STEPS": "bound of a search", "TOLERANCE_S": "of a search",
    },
    "kernels/plan.py": {
        "N_CLASSES": "names", "SNR_MIN_DB": "table",
        "SNR_STEP_DB": "table", "ASSUMED_SWERLING": "kalkan's own simplification, said in kernels/holding",
    },
    "kernels/random.py": {"SPARE": "a purpose of random numbers"},
    "kernels/state.py": {"MEMORIES": "room: the oldest of so many lost targets makes way"},
    "kernels/tracking.py": {
        "EDGE_M": "room at a sector's edge", "NEVER_S": "a time before all", "STAY_ALONE": "above any gate",
        "RATE_GATE": "mathematics: quantiles of chi-square, see reference/test_filter_consistency",
    },
    "models/absorption.py": {
        "STANDARD_VAPOUR_KG_M3": "ITU-R P.835", "VAPOUR_SCALE_M": "ITU-R P.835", "FREQUENCY_MIN_HZ": "of the model",
        "FREQUENCY_MAX_HZ": "of the model", "PROFILE_TOP_M": "end of the standard atmosphere's profile",
    },
    "models/multipath.py": {
        "LIGHT_M_S": "physics", "VACUUM_F_M": "physics", "DEEPEST": "bound of a factor", "LEAST_HEIGHT_M": "bound",
        "BEAM_EDGE": "end of a pattern", "SEA_CELSIUS": "ITU-R P.527", "SEA_SALINITY": "ITU-R P.527",
    },
    "models/propagation.py": {
        "N_RANGE": "fineness", "N_ELEVATION": "fineness", "REFERENCE_TARGET_M": "what range claims mean",
    },
    "models/rain.py": {"FREQUENCY_MIN_HZ": "of the model", "FREQUENCY_MAX_HZ": "of the model"},
    "models/atmosphere.py": {
        "EARTH_RADIUS_M": "US 1976", "GRAVITY_M_S2": "US 1976", "GAS_CONSTANT": "US 1976", "HEAT_RATIO": "US 1976",
        "LOWEST_M": "end of a table",
    },
    "models/detection.py": {"TABLE_SNR_DB_MIN": "table", "TABLE_SNR_DB_MAX": "table", "TABLE_N": "table"},
    "models/flyout.py": {
        "GRAVITY_M_S2": "physics", "CEILING_M": "end of a table", "MINIMUM_SPEED_M_S": "default; a run takes the claim",
        "BOOST_STEP_S": "fineness", "COAST_STEP_S": "fineness", "DENSITY_STEP_M": "fineness",
    },
    "models/ground_track.py": {"GRAVITY_M_S2": "physics"},
    "models/jitter.py": {"LARGEST_JITTER_M": "shape of a route", "LOAD_SHARE": "shape of a route"},
    "models/turns.py": {"STRAIGHT_RAD": "fineness"},
    "models/lethality.py": dict.fromkeys(
        ("FULL_SPEED_RATIO", "NO_SPEED_RATIO", "TAIL_CHASE_FACTOR", "EDGE_FACTOR", "EDGE_FRACTION"),
        "default; a run takes the claim",
    ) | dict.fromkeys(
        ("FULL_LOAD_FACTOR", "HARD_LOAD_FACTOR", "HARD_TURN_FACTOR"), "not used by the loop: no manoeuvre at intercept"
    ),
    "models/radar.py": {
        "BOLTZMANN_J_PER_K": "physics", "LIGHT_M_S": "physics", "NOISE_FLOOR_FRACTION": "default: the claim",
    },
    "models/terrain_following.py": {"ASIDE_STEP_M": "fineness", "END_SLOPE": "shape of a route"},
    "models/trajectory.py": {
        "GROUND_STEP_M": "fineness", "LEVEL_STEP_M": "fineness", "LONGEST_PIECE_M": "fineness",
        "CONVERGE_M": "shape of a route", "ACCELERATION_M_S2": "shape of a route",
    },
    "compile/bridge.py": {"ROOM_M": "room"},
    "compile/shared.py": {"PATHS": "room", "FLYOUTS": "room"},
    "compile/radars.py": {"N_SNR": "table", "RADIUS_STEP_M": "table"},
    "compile/weather.py": {
        "SEA_N_AZIMUTH": "fineness", "SEA_N_RANGE": "fineness", "SEA_LEVEL_M": "of terrain", "WAVE_CREST_M": "same",
    },
    "compile/threats.py": {
        "G_M_S2": "physics", "LEAST_LOAD_FACTOR": "bound", "MOST_PATHS": "room",
        "JITTER_SIGMAS": "end of a normal distribution", "DRAWN_LOAD_G": "fineness",
    },
}  # fmt: skip
HOME = Path(kalkan.__file__).parent
FOLDERS = ("kernels", "models", "compile")
FILES = [f"{folder}/{p.name}" for folder in FOLDERS for p in sorted((HOME / folder).glob("*.py"))]


def constants(path):
    """Names and values of the numbers at the top of a module, written singly or side by side."""
    pairs = []
    for node in ast.parse((HOME / path).read_text()).body:
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs += zip(target.elts, value.elts, strict=True)
            else:
                pairs.append((target, value))
    for name, value in pairs:
        number = value.operand if isinstance(value, ast.UnaryOp) else value
        if isinstance(number, ast.Constant) and type(number.value) in (int, float) and name.id[0] != "_":
            yield name.id, number.value


@pytest.mark.parametrize("path", FILES)
def test_a_number_at_the_top_of_a_module_says_why_it_is_no_claim(path):
    allowed = NO_CLAIM.get(path, {})
    strange = {n for n, value in constants(path) if n not in allowed and not (isinstance(value, int) and value <= 32)}
    assert strange == set(), f"{path}: make it a claim of {MODEL}, or say here why it is none"


def test_the_defaults_of_functions_equal_the_claims():
    from kalkan.models import flyout, lethality, radar

    value = {q: CAT.value(MODEL, q) for q in CAT.entry(MODEL).quantities if not SPECS[q].by}
    assert value["no_speed_ratio"] == lethality.NO_SPEED_RATIO
    assert value["full_speed_ratio"] == lethality.FULL_SPEED_RATIO
    assert value["full_crossing"] == lethality.FULL_CROSSING_RAD
    assert value["tail_chase_factor"] == lethality.TAIL_CHASE_FACTOR
    assert value["edge_factor"] == lethality.EDGE_FACTOR
    assert value["edge_fraction"] == lethality.EDGE_FRACTION
    assert value["noise_floor_fraction"] == radar.NOISE_FLOOR_FRACTION
    assert value["slowest_interceptor"] == flyout.MINIMUM_SPEED_M_S


def test_the_plan_has_no_field_that_this_file_does_not_know():
    names = {f for s in (kinds.RADARS, kinds.PICTURES, kinds.UNITS, kinds.INTERCEPTORS) for f in s.names}
    listed = {n.split(".")[-1] for n in (*CLAIMS, *ELSEWHERE, *PLACES, *OFF)} | INDICES
    assert names <= listed


def test_every_constant_that_is_excused_is_still_there():
    for path, names in NO_CLAIM.items():
        assert set(names) <= {n for n, _ in constants(path)}, path
