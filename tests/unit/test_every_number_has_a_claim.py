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
from kalkan.compile.inputs import Inputs
from kalkan.compile.stock import compile_stores
from kalkan.compile.upkeep import compile_upkeep
from kalkan.kernels.fields import CLAIMED, GIVEN, INDEXING, SWITCHED, entries
from kalkan.kernels.plan import Plan
from kalkan.scenario import parse, starter

CAT = load_catalogue()
COMPOSITION = {"fire_units", "launchers_per_fire_unit", "load", "missiles_per_tube", "swerling"}
MODEL = "kalkan-model"
# endings of names, and the unit that each promises
UNITS = {
    "_m": "m", "_s": "s", "_m_s": "m/s", "_m_s2": "m/s2", "_rad": "rad", "_rad_s": "rad/s", "_db": "dB", "_s_m": "s/m",
    "_db_m": "dB/m",
}  # fmt: skip

DECLARED = {e.name: e.about for e in entries(Plan)}  # every field of the Plan, with what it says of itself


def of_kind(*kinds):
    """Field → what its numbers come from, of the fields whose source is of these kinds."""
    return {name: about.source.of for name, about in DECLARED.items() if about.source.kind in kinds}


CLAIMS = of_kind(CLAIMED)  # quantities of the catalogue
GIVENS = of_kind(GIVEN)  # keys of the scenario, words, places: none of these depends on a number claimed
OFF = of_kind(SWITCHED)  # what this scenario leaves out: zero here



def fields(plan):
    """Name → array of every field of a plan, structured arrays taken apart."""
    found = {}
    for name, part in plan._asdict().items():
        if isinstance(part, tuple):
            found |= {f"{name}.{f}": v for f, v in fields(part).items()}
        elif np.asarray(part).dtype.names:
            found |= {f"{name}.{f}": part[f] for f in part.dtype.names}
        else:
            found[name] = np.asarray(part)
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
    """In the order of the plan, with its type; `entries` raises for a field that says nothing."""
    found = fields(compiled[0].plan)
    assert list(DECLARED) == list(found)
    for entry in entries(Plan):
        whole = {"number": (), "array": found[entry.name].shape}
        dtype, *shape = entry.written_as.split("×")
        if dtype in whole:
            assert found[entry.name].shape == whole[dtype], entry
        else:
            assert found[entry.name].dtype == dtype and [*map(str, found[entry.name].shape[1:])] == shape, entry


def test_every_field_of_the_plan_says_what_it_is_in_which_unit():
    for name, about in DECLARED.items():
        assert about.meaning and (about.source.of or about.source.kind == INDEXING), name
        endings = [e for e in UNITS if name.endswith(e) and not name.endswith(".confirm_m")]  # the M of M-of-N
        ending = max(endings, key=len, default=None)
        assert ending is None or about.unit == UNITS[ending], f"{name} [{about.unit}]"


def test_what_the_scenario_leaves_out_is_zero(compiled):
    found = fields(compiled[0].plan)
    assert not [n for n in OFF if any(found[n].tobytes())]


@pytest.mark.parametrize("name", CLAIMS)
def test_a_field_that_comes_from_claims_moves_with_them(compiled, name):
    plain, moved = (fields(c.plan)[name] for c in compiled)
    if set(CLAIMS[name].split()) & COMPOSITION:
        return  # its size is another: see the test of compositions
    assert not same(plain, moved)


@pytest.mark.parametrize("name", GIVENS)
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


AIRWAY = """
[[traffic]]
name = "airway"
airway = [[37.0, 32.0], [37.0, 33.0]]
density = "civil-traffic-turkiye"
share = 0.01

[[zones]]
name = "theirs"
kind = "origin"
side = "hostile"
area = [[34.0, 31.0], [34.0, 33.0], [35.0, 32.0]]
"""


SOURCE = """
[[sources]]
name = "eye"
type = "e-7"
orbit = { centre = [36.9, 32.9], length = "20 km" }
"""


HARD = """
[sensing]
resolution = true

[surface_clutter]
sea_state = 3

[[jammers]]
name = "pod"
carried_by = "cruise"
effective_power = "1 kW"
bandwidth = "100 MHz"
bands = ["S", "X", "L"]
"""


FALLS = """
[[raids]]
name = "falling"
type = "short-range-ballistic-missile"
launch = [35.2, 33.2]
aim = "harbour"
count = 1
decoys = 1
debris = true
[early_warning]
"""


REACTS = """
[[raids]]
name = "shy"
type = "f-16c"
count = 1
route = [{ position = [35.2, 33.2], altitude = "8 km MSL" }, { position = [36.12, 33.2], altitude = "8 km MSL" }]
react = [{ when = "shot at", do = "turn back" }]
"""


# how posts track, and what else is chosen
CHOSEN = """
[command]
crew_load = true
[doctrine.standard.anti-radiation-missile]
salvo = 2
[rules_of_engagement]
weapons_control = "hold"
"""


def struck_at_its_post():
    """The small scenario, with decoys, of which a raid of missiles that home on emitters aims at the radars."""
    text = starter("small").replace("subsonic-cruise-missile", "anti-radiation-missile")
    text = text.replace('aim = "harbour"', 'aim = "north"')
    text = text.replace('name = "north"', 'name = "north"\ndecoy_emitters = 2')
    return text.replace("[36.12, 33.20], alt", "[36.27, 33.15], alt")


COMES = '[[batches]]\nname = "first"\nsystems = ["north"]\ncontract = "2020-01-01"\n'


SUPPLIED = '''
[[waves]]
name = "night"
at = "1 day"
[[depots]]
name = "rear"
serves = ["north"]
rounds = { "48n6e3" = 8 }
'''
SUPPLIED_PATRIOT = '''
[[waves]]
name = "night"
at = "1 day"
[[depots]]
name = "rear"
serves = ["north"]
[[production]]
name = "line"
missile = "pac-3-mse"
depot = "rear"
'''


def asked_for_stock(kind, more):
    """Figures that the stock of the small scenario asks for, of a system of some type."""
    text = starter("small").replace('type = "s-400"', kind)
    if "patriot" in kind:
        text = text.replace('loads = { "48n6e3"', "#")
    written = parse(text + more)
    inputs = Inputs(CAT, {})
    compile_stores(written, [], [], ["48n6e3", "pac-3-mse"], inputs)
    return inputs.rows()


def kept_up():
    """Inputs of a defence whose parts break."""
    more = '[supply]\nfailures = "weibull"\nrepairs = "lognormal"\nlocal_production = true\n'
    broken, inputs = parse(starter("small") + more), Inputs(CAT, {})
    compile_upkeep(broken, broken, inputs)
    return inputs.rows()


def test_the_role_of_a_quantity_is_what_a_run_does_with_it(compiled):
    two_posts = parse(starter("second-batch")).variants_resolved()["two-batches"]
    doppler = parse(starter("small").replace('"s-400"', '"patriot"').replace('loads = { "48n6e3"', "#"))
    rows = compiled[0].attrs["inputs"] + compile_scenario(two_posts, CAT).attrs["inputs"]
    rows += compile_scenario(doppler, CAT).attrs["inputs"]  # its engagement radar measures range rates
    rows += compile_scenario(parse(starter("small") + AIRWAY), CAT).attrs["inputs"]
    tied = parse(starter("small").replace('type = "s-400"', 'type = "s-400"\nintegrated = true') + SOURCE)
    rows += compile_scenario(tied, CAT).attrs["inputs"]
    disturbed = starter("small").replace('type = "s-400"', 'type = "s-400"\nintegrated = true') + SOURCE + HARD
    rows += compile_scenario(parse(disturbed), CAT).attrs["inputs"]
    rows += compile_scenario(parse(starter("small") + HARD), CAT).attrs["inputs"]
    rows += compile_scenario(parse(starter("small") + FALLS), CAT).attrs["inputs"]
    rows += compile_scenario(parse(struck_at_its_post()), CAT).attrs["inputs"]
    rows += compile_scenario(parse(starter("small") + REACTS), CAT).attrs["inputs"]
    tracked = 'replications = 200\ntrack_filter = "imm"\ninitiation = "score"'
    chosen = starter("small").replace("replications = 200", tracked) + CHOSEN
    rows += compile_scenario(parse(chosen), CAT).attrs["inputs"]
    rows += compile_scenario(parse('as_of = "2030-01-01"\n' + starter("small") + COMES), CAT).attrs["inputs"]
    rows += compile_scenario(parse(starter("small") + '[money]\nservice = "20 years"\n'), CAT).attrs["inputs"]
    rows += asked_for_stock('type = "s-400"', SUPPLIED) + asked_for_stock('type = "patriot"', SUPPLIED_PATRIOT)
    rows += kept_up()
    asked = {(CAT.entry(r["entry"]).kind, r["quantity"]) for r in rows}
    named = [(kind, q) for names in (KINDS, OPTIONAL) for kind, some in names.items() for q in some]
    driving = {(kind, q) for kind, q in named if role(q, kind) == "drives"}
    assert driving == asked


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
    engages = [name.endswith("92N6E") for name in found.labels["radar"]]
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
    "compile/external.py": {
        "PLACES": "fineness", "KNOTS_PER_PLACE": "fineness", "N_AZIMUTH": "fineness", "N_RANGE": "fineness",
        "FLAT_AZIMUTHS": "fineness",
    },
    "models/recorded.py": {"ALIKE": "cleaning of records, which the summary tells"},
    "compile/recorded.py": {"LOWEST_M": "repair of records, which the summary tells"},
    "kernels/engagement.py": {"FAR_FUTURE_S": "a time that never comes"},
    "kernels/holding.py": {"SAMPLES": "fineness"},
    "kernels/intercept.py": {
        "LEAST_STEP_S": "step of a search", "MAX_STEPS": "bound of a search", "TOLERANCE_S": "of a search",
    },
    "kernels/beginning.py": {"BEFORE_ALL_S": "a time before all"},
    "kernels/jamming.py": {"STEP_S": "fineness"},
    "kernels/plan.py": {
        "SNR_MIN_DB": "table",
        "SNR_STEP_DB": "table", "ASSUMED_SWERLING": "kalkan's own simplification, said in kernels/holding",
    },
    "kernels/warned.py": {"SIGMAS": "kalkan's own simplification, said in the module"},
    "kernels/explaining.py": {"AHEAD_S": "bound of a search", "STEP_S": "fineness"},
    "kernels/falling.py": {
        "STEP_S": "fineness", "IMPACT_STEP_S": "fineness", "EARLY_S": "tolerance of a search, said beside it",
    },
    "models/ballistic.py": {
        "AIR_STEP_M": "fineness", "AIR_TOP_M": "end of a table", "STEP_S": "fineness", "LONGEST_S": "bound",
        "REFINE": "fineness",
    },
    "models/ballistic_aim.py": {"NEAR_M": "fineness"},
    "kernels/random.py": dict.fromkeys(("SPARE", "CONVOY", "WAVE"), "a purpose of random numbers"),
    "kernels/state.py": {"MEMORIES": "room: the oldest of so many lost targets makes way"},
    "tracking/association.py": {
        "EDGE_M": "room at a sector's edge", "STAY_ALONE": "above any gate",
        "RATE_GATE": "mathematics: quantiles of chi-square, see reference/test_filter_consistency",
    },
    "tracking/tables.py": {"NEVER_S": "a time before all"},
    "models/absorption.py": {
        "STANDARD_VAPOUR_KG_M3": "ITU-R P.835", "VAPOUR_SCALE_M": "ITU-R P.835", "FREQUENCY_MIN_HZ": "of the model",
        "FREQUENCY_MAX_HZ": "of the model", "PROFILE_TOP_M": "end of the standard atmosphere's profile",
    },
    "models/clutter.py": {
        "GAMMA_HZ": "definition", "LOWEST_DEG": "end of a fit", "HIGHEST_DEG": "end of a fit", "DEEPEST": "bound",
    },
    "models/jamming.py": {"STANDARD_NOISE_K": "definition", "GAIN_OF_A_SQUARE_DEGREE": "rule of antennas"},
    "models/multipath.py": {
        "LIGHT_M_S": "physics", "VACUUM_F_M": "physics", "DEEPEST": "bound of a factor", "LEAST_HEIGHT_M": "bound",
        "WAVE_SIGMA_SHARE": "definition of the wave height",
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
    "models/identity.py": {
        "N_SIDES": "names", "UNTOLD": "names", "LEAST": "bound: nothing is certain, said in the module",
    },
    "models/ground_track.py": {"GRAVITY_M_S2": "physics"},
    "models/jitter.py": {"LARGEST_JITTER_M": "shape of a route", "LOAD_SHARE": "shape of a route"},
    "models/turns.py": {"STRAIGHT_RAD": "fineness"},
    "models/lethality.py": dict.fromkeys(
        ("FULL_SPEED_RATIO", "NO_SPEED_RATIO", "TAIL_CHASE_FACTOR", "EDGE_FACTOR", "EDGE_FRACTION"),
        "default; a run takes the claim",
    ) | {"NO_CEILING_M": "no limit"},
    "models/radar.py": {
        "BOLTZMANN_J_PER_K": "physics", "LIGHT_M_S": "physics", "NOISE_FLOOR_FRACTION": "default: the claim",
    },
    "models/terrain_following.py": {"ASIDE_STEP_M": "fineness", "END_SLOPE": "shape of a route"},
    "models/trajectory.py": {
        "GROUND_STEP_M": "fineness", "LEVEL_STEP_M": "fineness", "LONGEST_PIECE_M": "fineness",
        "CONVERGE_M": "shape of a route", "ACCELERATION_M_S2": "shape of a route", "VERTICAL_SHARE": "shape of a route",
    },
    "compile/bridge.py": {"ROOM_M": "room", "WATCH_S": "how often what happens is looked at: it changes nothing"},
    "compile/damage.py": {
        "USUAL_VALUE": "default of systems.value, in the user's own unit",
        "USUAL_HOLD_S": "default of what the scenario writes of emission control",
    },
    "kernels/emission.py": {"LOOK_S": "fineness"},
    "kernels/course.py": {
        "BEHIND": "shape of a way: kalkan's own simplification, said in the module", "NOTHING_M": "bound",
    },
    "compile/shared.py": {"GAPS": "room", "PATHS": "room", "FLYOUTS": "room"},
    "compile/radars.py": {"N_SNR": "table", "RADIUS_STEP_M": "table"},
    "compile/clutter.py": {
        "N_AZIMUTH": "fineness", "N_RANGE": "fineness", "SEA_LEVEL_M": "of terrain", "FEWEST_HZ": "of its quantity",
    },
    "compile/weather.py": {
        "SEA_N_AZIMUTH": "fineness", "SEA_N_RANGE": "fineness", "SEA_LEVEL_M": "of terrain", "WAVE_CREST_M": "same",
    },
    "compile/threats.py": {
        "G_M_S2": "physics", "LEAST_LOAD_FACTOR": "bound", "MOST_PATHS": "room",
        "JITTER_SIGMAS": "end of a normal distribution", "DRAWN_LOAD_G": "fineness",
    },
}  # fmt: skip
HOME = Path(kalkan.__file__).parent
FOLDERS = ("kernels", "models", "compile", "supply")
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


def test_every_constant_that_is_excused_is_still_there():
    for path, names in NO_CLAIM.items():
        assert set(names) <= {n for n, _ in constants(path)}, path
