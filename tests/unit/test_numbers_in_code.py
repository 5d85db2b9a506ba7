"""No model figure hides in a function's body: every number in the code of a run says why it is no claim.

The scan reads the source of the compiled loop, its models, the compiler and the engine, and takes out
what is plain arithmetic (0, 1, 2, one half; powers; decibels; indices and shapes of vectors). Whatever
is left must stand here, by module and function, with its values and the reason. A new number, or
another value of an old one, fails until it is made a claim of ``kalkan-model`` or explained.
Constants with a public name at the top of a module are judged in test_every_number_has_a_claim.
"""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

import kalkan

HOME = Path(kalkan.__file__).parent
FOLDERS = ("kernels", "tracking", "models", "compile", "campaign", "supply", "engine")
FILES = [f"{folder}/{p.name}" for folder in FOLDERS for p in sorted((HOME / folder).glob("*.py"))]
PLAIN = {0, 1, 2, 0.5}  # arithmetic: halves, doubles, squares, signs
DECIBELS = {10, 20, 40}  # of power, amplitude, and range to the fourth power

# formulas of a standard or paper, number for number; the module names the source, reference tests prove them
STANDARD = {
    "kernels/random.py": "philox normal _LOW _M0 _M1 _W0 _W1 _GOLDEN _MIX1 _MIX2 _TO_UNIT _32 (_30,_27,_31)",
    "models/absorption.py": "vapour_pressure_pa _dry_continuum oxygen_db_km water_vapour_db_km _in_their_units",
    "models/absorption_lines.py": "OXYGEN WATER_VAPOUR",
    "models/atmosphere.py": "_MASS_RATIO_M _MASS_RATIO _BASE_M _LAPSE_K_PER_M _bases",
    "models/multipath.py": "_scaled_i0 horizon_factor sea_conductivity_s_m sea_permittivity coherent_share factor_of "
    "_diffraction_db _height_gain_db",
    "models/rain.py": "_K_H _K_V _ALPHA_H _ALPHA_V rain_coefficients",
}
MATHS, FINE = "mathematics", "fineness or bound of a numerical method"
ROOM = "room in memory or time, no effect on answers"
UNIT, ZERO = "change of unit", "keeps a division or logarithm finite"
REASONS = {
    "kernels/arrival.py": {"_p_kill": ({1e-3, 1e-9}, ZERO)},
    "tracking/assignment.py": {"sort_by": ({3}, MATHS)},
    "kernels/command.py": {
        "_mark_elsewhere": ({3.0}, "three sigma of the tracks' own error, beyond the claim same_object_distance"),
    },
    "kernels/engagement.py": {
        "_nearest_to_cue": ({3.0}, "three sigma of the cue's own error, beyond the claim cue_search_distance"),
        "_let_fly": ({6}, "size of a state"),
    },
    "kernels/events.py": {
        "(ARRIVAL,SECTOR,INTERCEPT,RELOAD,DWELL,LAUNCH,COMMAND,DEPARTURE,IDENTITY,LINK,JAMMING,WATCH)": ({12}, "names"),
    },
    "tracking/tables.py": {
        "allocate": ({3, 5, 6, 7}, ROOM), "allocate_assignment": ({64}, ROOM),
        "CANDIDATES": ({6}, "size of a state"), **dict.fromkeys(("TABLE", "CHANGES"), ({3, 6}, "vectors, a state")),
        **dict.fromkeys(("PLOTS", "NEAR"), ({3}, "vectors in space")),
    },
    "tracking/asking.py": {"_dataset": ({1e9}, UNIT)},
    "tracking/asterix.py": {"_payload": ({8, 16, 24}, "sizes of headers"), "_blocks": ({3}, "size of a header")},
    "tracking/configuring.py": {
        "module": (None, "defaults of a function's arguments, tuned on the benchmark's tuning set, and their bounds"),
        "manner": ({1e-9}, ZERO),
    },
    "tracking/driving.py": {
        "_wedge": ({0.75, 1.5}, "as in sector.track_sector"), "_tell": ({6}, "size of a state"),
        "SENSORS": ({3}, "vectors"), "ESTIMATES": ({6}, "a state"),
    },
    "tracking/mixing.py": {
        **dict.fromkeys(("_revive", "_no_turn", "foresee"), ({6}, "size of a state")),
        **dict.fromkeys(("_mix", "absorb"), ({6, 7}, "size of a state, with its turn rate")),
    },
    "tracking/sensors.py": {
        "module": ({10.0, 90.0, 1e6}, "defaults of a function's arguments"), "table": ({3}, "axes"),
        "_problems_of": ({3, 90.0, 180.0}, "the circle, axes"),
    },
    "tracking/single.py": {
        **dict.fromkeys(("foresee", "take_rate", "_turn_rate"), ({6}, "size of a state")),
        "correct": ({6, 7}, "size of a state, with its turn rate"),
        "_angle": ({0.05, 0.2, 3.0, 7.0, 9.0}, "series of the arc tangent, and where it is exact to 1e-13"),
    },
    "tracking/motion.py": {
        "turn": ({3.0, 7}, f"{MATHS}; size of a state"), "disturb": ({0.25, 3.0}, MATHS),
    },
    "tracking/plots.py": {
        "_out_of_order": ({1.01}, "a turn, and a little for rounding"), "_angles": ({1e-3, 0.01}, "rounding"),
        "_implausible": ({90.0, 360.0, 1000.0}, f"the circle; {UNIT}"),
    },
    "tracking/running.py": {"run": ({4, 6}, "size of a state, of a list")},
    "tracking/sector.py": {
        "track_sector": ({0.75, 1.5}, "a hit in the last three quarters of a turn is of this one; a finite tangent"),
    },
    "tracking/continuing.py": {
        "_speed": ({6, 1e-9}, f"size of a state; {ZERO}"), "join": ({6}, "size of a state"),
    },
    "tracking/association.py": {
        "gather": ({9.0}, "(3 sigma)² of a prefilter"),
        "_consider": ({6, 16.0}, "size of a state; (4 sigma)² of a prefilter that only spares work"),
        "_predicted_trace": ({0.75}, "dt⁴/4 on three axes"),
    },
    "tracking/lifecycle.py": {
        "restate": ({6}, "size of a state"),
    },
    "tracking/filtering.py": {
        "predict": ({0.25}, "dt⁴/4 of a constant acceleration"), "update_rate": ({6}, "size of a state"),
    },
    "tracking/scoring.py": dict.fromkeys(("OBJECTS", "CLAIMANTS"), ({6}, "size of a state")),
    "kernels/quality.py": {"_book_errors": ({6}, "the velocity's places in a state")},
    "tracking/registration.py": {
        "_STEPS": ({20}, "bound of a search"), "_SETTLED": ({1e-6}, FINE), "_BLIND": ({1e-5}, ZERO),
        "_inverse": ({1e-300}, ZERO), "registration": ({3}, "coordinates of each difference"),
        "_placed": ({3}, "vectors in space"),
    },
    "tracking/metrics.py": {"siap": ({3}, "default: samples that confirm, as Stone Soup's")},
    "tracking/fusion.py": {
        "_SWEEPS": ({12}, "bound of a search"), "_HALVINGS": ({50}, FINE), "_diagonalise": ({1e-30}, ZERO),
    },
    "kernels/holding.py": {"chance_to_meet": ({3.0}, "mean over three axes")},
    "kernels/intercept.py": {"_to_edge_s": ({1e-3}, ZERO)},
    "kernels/disturbed.py": {"_clutter_plots": ({600.0}, ROOM), "_add_up": ({0.1}, UNIT)},
    "kernels/course.py": {
        "BEHIND": ({3.0}, "shape of a way: kalkan's own simplification, said in the module"),
        **dict.fromkeys(("_STEP_RAD",), ({0.2}, FINE)), "_STRAIGHTS": ({4}, FINE), "_BENDS": ({8}, FINE),
        "_STEP_S": ({5.0}, FINE), "_STEPS": ({64}, FINE), "_REFINE": ({6}, FINE), "_SHORTEST_S": ({1e-3}, ZERO),
        "SPARE_KNOTS": ({16, 32}, ROOM), "turn_back": ({3.0, 6.0}, MATHS), "_follow": ({4.0, 6.0}, MATHS),
    },
    "models/two_turns.py": {"_NOTHING_RAD": ({1e-9}, "rounding")},
    "kernels/memory.py": {"remember": ({6}, "size of a state")},
    "kernels/plan.py": {
        **dict.fromkeys(
            ("KNOT_FIELDS", "RADAR_FIELDS", "PICTURE_FIELDS", "UNIT_FIELDS", "JAMMER_FIELDS"), ({3}, "vectors in space")
        ),
    },
    "kernels/external.py": dict.fromkeys(("_write_report", "_turn"), ({6}, "size of a state")),
    "kernels/warned.py": {"_look_there": ({0.25}, "half of the inner half of a sector, said in the module")},
    "kernels/discerning.py": {"weighed": ({6}, "size of a state")},
    "kernels/remote.py": {"by_report": ({6}, "size of a state"), "chance_by_report": ({3.0}, "mean over three axes")},
    "kernels/sources.py": {"off": ({5}, "Swerling cases 0 to 4"), "allocate": ({5, 6}, ROOM)},
    "tracking/told.py": {
        **dict.fromkeys(("own_at", "begin_told"), ({6}, "size of a state")),
        "candidates": ({1e6}, "a bound that is safe"),
    },
    "scenario/orbits.py": {"racetrack": ({13}, FINE)},
    "engine/beside.py": {"reports_of": ({3}, "vectors")},
    "engine/warm.py": {"COLLECT_EACH": ({200_000}, ROOM)},
    "kernels/random.py": {
        "WAVE": ({58}, "a purpose"), "CONVOY": ({71}, "a purpose"),
        "poisson": ({10_000}, "bound of a loop"), "draw4": ({56}, "bits of a key"),
        "(DETECTION,FALSE_ALARM,START,ROUTE,KILL,ASSESSMENT,DWELL,HIT,PHASE,COMMON,STROBE)": ({12}, "names"),
    },
    "supply/simulating.py": {"simulate": ({1000}, "replications, where none are asked for")},
    "kernels/slots.py": {"_TABLE": ({3}, "axes of a table"), "SLOTS": (None, "so many arguments")},
    "kernels/state.py": {
        "allocate": ({5}, ROOM),
        "(IDLE,REACTING,ACQUIRING,HOLDING)": ({4}, "names"),
        "SLOT": ({6}, "size of a state"), "TRUTH": ({3}, "vectors in space"), "JAMMING": ({3}, "vectors in space"),
    },
    "kernels/trace.py": {
        "(PLOT,TRACK,TRACK_END,LAUNCH,INTERCEPT,SLEW,IDENTITY,REPORT,STROBE,DECISION)": ({10}, "names"),
        "TRACE": ({3, 6}, "vectors"),
    },
    "compile/bridge.py": {
        "_study": ({4, 64, 4000, 10_000}, ROOM),
    },
    "compile/clutter.py": {"_seen": ({1e-9}, ZERO)},
    "compile/interference.py": {"compile_interference": ({3}, "vectors in space")},
    "compile/claim.py": {"_required_snr_db": ({256}, ROOM)},
    "compile/heights.py": {"_medians": ({1001}, FINE)},
    "compile/stock.py": {"_MONTHS": ({12}, UNIT)},
    "supply/stores.py": {"_ROUNDING": ({1e-9}, FINE)},
    "compile/traffic.py": {"share_of": ({64}, "bits of a key")},
    "compile/radars.py": {
        "_antenna": ({4}, FINE), "_table_of": ({4}, FINE),
        "detection_tables": ({5}, "Swerling cases 0 to 4"), "_detection_table": ({256}, ROOM),
    },
    "compile/threats.py": {
        "compile_kinds": ({1e-30}, ZERO),
    },
    "models/absorption.py": {
        "(_PROFILE_LOWEST_M,_PROFILE_N)": ({500.0, 1711}, FINE), "air_profile": ({64}, ROOM),
        "_checked_ghz": ({1e-9}, UNIT),
    },
    "models/ballistic.py": {
        "WGS84": (None, "NIMA TR8350.2, in its source"), "acceleration": ({1.5, 5.0, 3.0}, "the J2 term"),
        "step": ({6.0}, "Runge-Kutta"), "air_at": ({1.001}, FINE), "fall": ({1e-3, 1e-9}, ZERO),
        "fallen": ({7, 1e-9}, f"a time and a state; {FINE}"), "energy_j_kg": ({1.5}, "the J2 term"),
    },
    "models/discrimination.py": {"_ALIKE": (None, FINE), "p_light": ({1e-9, 500.0}, ZERO)},
    "models/ballistic_aim.py": {
        **dict.fromkeys(("_NEWTON", "(_SPEED_STEP_M_S,_TURN_STEP_RAD)", "_ANGLE_TOLERANCE_RAD", "least_energy"),
                        (None, FINE)),
        "(LOWEST_RAD,HIGHEST_RAD)": ({12.0, 82.0}, "bounds of a search"),
        "solved": ({0.3, 3, 9.81}, "first guess; damping; a vector"),
        "_line": ({3}, "a vector"), "path_of": ({4.0}, FINE), "with_apogee": ({1e3}, UNIT),
    },
    "models/atmosphere.py": {"_each": ({7}, "layers of the standard")},
    "models/detection.py": {
        "required_snr_db": ({1e-10, 80.0, 150.0}, FINE), "p_d_table": ({256}, ROOM),
        "_mixture": ({1e-18, 10.0, 50.0}, FINE),
        "_weights": ({1e-300}, ZERO), "shape_of": ({3, 4}, "Swerling cases"), "interpolate_p_d": ({3.0, 4, 6.0}, MATHS),
    },
    "models/flyout.py": {
        "build": ({28, 73}, FINE), "lookup": ({1e-9}, ZERO), "_burnout_speed": ({1e7}, "a distance never reached"),
        "LOFTS": (None, "fineness: climb angles tried"), "calibrate": ({4.0, 60, 100.0}, "area of a circle; bisection"),
        "standard_air": ({90e3}, "end of a table"), "_acceleration": ({1.001}, FINE),
        "_step": ({1e-12, 6.0}, "Runge-Kutta"),
        "_rate": ({8.0}, MATHS), "fly": ({4}, MATHS),
    },
    "models/dubins.py": {
        **dict.fromkeys(("_NOTHING_RAD", "_MISSES"), (None, FINE)), "_ccc": ({6.0, 8.0}, MATHS),
    },
    "models/exposure.py": {"luneburg_rcs_m2": ({4.0}, MATHS)},
    "models/ground_track.py": {
        "ARC_STEP_RAD": ({8.0}, FINE), "_NEAREST": ({0.002}, FINE), "trace": ({180.0}, UNIT),
    },
    "models/jitter.py": {
        "_LOAD_MARGIN": ({0.75}, FINE), "_PIECES": ({24}, FINE), "across": ({1e-9}, ZERO),
        **dict.fromkeys(("_SPEED_SHARE", "_EASE"), (None, "shape of a route: how jitter tapers")),
        "direction_of": ({180.0}, UNIT),
    },
    "models/lethality.py": {
        "NO_CEILING_M": ({1e9}, "no upper edge of a lowest altitude"),
        "FULL_CROSSING_RAD": ({3.0}, "default: the claim full_crossing"), "_rise": ({3.0}, "smooth step, mathematics"),
    },
    "models/clutter.py": {
        "sea_reflectivity": (
            {0.0054, 0.033, 0.085, 0.95, 7.351, 20.78, 25.65, 27.5, 73.0, 1e9}, "NRL's fit, in its source; units"
        ),
        "spike_probability": ({1e-30}, ZERO),
    },
    "models/jamming.py": {
        "_LOWEST_EXPONENT": ({40.0}, ZERO), "_HALF_POWER": ({4.0}, MATHS), "jam_to_noise_at_1m": ({4.0}, MATHS),
        "stand_off_range_m": ({0.25}, MATHS),
    },
    "models/multipath.py": {
        "WAVE_SIGMA_SHARE": ({0.25}, "significant wave height is four standard deviations"),
        "reflection": ({1e-6, 0.25, 3.0, 4.0}, "cubic of the flat point"),
        "_chord": ({4.0}, MATHS),
    },
    "models/propagation.py": {
        **dict.fromkeys(
            ("_BEND", "(_NODES,_WEIGHTS)", "(_FIRST,_LAST)", "gas_table", "interpolate_loss"), (None, FINE)
        ),
        "module": ({4000.0}, "default: the scenario's height of rain"),
        "two_way_rain_db_m": ({2e-3}, "two ways, per km to per m"),
        "_gas_loss_db": ({2e-3, 1.5}, "the same; a substitution"),
    },
    "models/rain.py": {"SLANT_POLARISATION_RAD": ({4.0}, "45 degrees: between horizontal and vertical")},
    "models/pace.py": {"lengthened": ({0.25, 1.5, 4.0, 6.0}, MATHS)},
    "models/terrain_following.py": {
        "_END_M": ({10e3}, "shape of a route"), **dict.fromkeys(("_LEAST", "_FINEST"), (None, FINE)),
        "highest_ground": ({3}, FINE), "_at": ({3.0, 6.0}, MATHS),
    },
    "models/trajectory.py": {
        "build_paths": ({0.2, 1e-9}, f"shape of a route: slope of climbs over terrain; {ZERO}"),
        "evaluate": ({3.0, 6.0}, MATHS),
        "VERTICAL_SHARE": ({0.7}, "shape of a route: pull-ups before turns"), "_CURVE_MARGIN": ({0.72}, FINE),
        "_LEAST_PIECES": ({24}, FINE),
        "_kept": ({1e-6, 1e-8, 1e-9}, FINE), "_check": ({10.0}, "waypoints nearer are one"),
    },
    "models/turns.py": {
        "plan_turns": ({8.0}, "an eighth of a turn, halved"), "_legs": ({180.0}, UNIT),
        "_KINK_RAD": ({3e-4}, FINE), "_needed_m": ({4.0, 6.0}, "a bound; mathematics"),
    },
    "engine/cache.py": {"UNUSED_DAYS": ({30.0}, "patience"), "DAY_S": ({86_400.0}, UNIT)},
    "engine/flights.py": {"_arc": ({32}, "points of a drawing"), "arc_between": ({1e-9}, ZERO)},
    "engine/job.py": dict.fromkeys(
        ("FIRST_BLOCK", "LARGEST_BLOCK", "LARGEST_RECORDS_BYTES", "BLOCKS_PER_THREAD", "LONGEST_UNKEPT_S",
         "COMMIT_SHARE", "_loop"), (None, ROOM)
    ),
    "engine/identity.py": {"MOST_TOLD": ({3}, "words of a message")},
    "engine/ledger.py": {"digest": ({16}, "bytes"), "_check": ({8}, "bytes")},
    "engine/points.py": {"_blocks": ({4, 16}, ROOM)},
    "engine/replay.py": {"FIRST_ROOM": ({16}, ROOM), "TOLERANCE_M": ({10.0}, "of a check")},
    "engine/retelling.py": {"_true_paths": ({6}, "a drawing"), "_plots": ({3}, "vectors")},
    "engine/run.py": {"LARGEST_SEED": ({63}, "bits"), "chosen": ({4096}, "bounds of what a user may ask")},
    "engine/numbers.py": {"MOST_REPLICATIONS": ({10_000_000}, "bounds of what a user may ask"),
                          "(FIRST,FIRST_RARE,FIRST_PILOT,FIRST_SCREEN)": ({4}, "so many purposes")},
    "engine/stopping.py": dict.fromkeys(
        ("FIRST", "MOST", "(LEAST_GROWTH,MOST_GROWTH,MARGIN)"), (None, "when to look again, not what is found")
    ),
    "engine/store/zarr_frame.py": {"CHUNK": ({64}, ROOM), "ZARR_FORMAT": ({3}, "version of a format")},
    "engine/store/record.py": {"_checksum": ({16}, "bytes")},
    "engine/store/store.py": {"_text_digest": ({16}, "bytes")},
    "engine/store/staged.py": {"_AT_ONCE": ({32}, "threads")},
}  # fmt: skip


def parents_of(tree):
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def lineage(node, parents):
    while node in parents:
        yield node, parents[node]
        node = parents[node]


def home_of(node, parents):
    """The outermost function, else the name at the top of the module, that a number stands in."""
    found = "module"
    for _, parent in lineage(node, parents):
        if isinstance(parent, ast.FunctionDef):
            found = parent.name
        elif isinstance(parent, (ast.Assign, ast.AnnAssign)) and isinstance(parents.get(parent), ast.Module):
            target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
            found = ast.unparse(target).replace(" ", "")
    return found


def is_plain(node, parents):
    """Arithmetic, decibels, indices, powers, small vectors."""
    value, parent = node.value, parents[node]
    if value in PLAIN:
        return True
    if value in (3, 4) and isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and parent.right is node:
        return True
    if value in (3, 4) and isinstance(parent, (ast.Tuple, ast.List)) and isinstance(parents[parent], ast.Call):
        return True
    if value == 3 and isinstance(parent, ast.Call) and ast.unparse(parent.func) in ("range", "np.zeros", "np.empty"):
        return True
    for child, above in lineage(node, parents):
        if isinstance(above, ast.Subscript) and above.slice is child:
            return True
        if isinstance(child, ast.stmt):
            return False
        text = ast.unparse(above) if value in DECIBELS and isinstance(above, ast.expr) else ""
        if any(word in text for word in ("log10", "10.0 **", "_db(")):
            return True
    return False


def numbers(source):
    """Values by the function or name that they stand in, without plain arithmetic."""
    tree = ast.parse(source)
    parents, found = parents_of(tree), defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and not is_plain(node, parents):
            found[home_of(node, parents)].add(node.value)
    return found


def judged_elsewhere(name):
    """Public names at the top of kernels, models and compile: test_every_number_has_a_claim."""
    return all(part.isupper() for part in name.strip("()").split(",")) and not name.strip("(").startswith("_")


def unexplained(path, source):
    standard, reasons = STANDARD.get(path, "").split(), REASONS.get(path, {})
    for name, values in numbers(source).items():
        if name in standard:
            continue
        allowed, _ = reasons.get(name, (set(), ""))
        strange = values - allowed if allowed is not None else set()
        if strange and not (path.split("/")[0] != "engine" and judged_elsewhere(name) and name not in reasons):
            yield name, sorted(strange)


@pytest.mark.parametrize("path", FILES)
def test_a_number_in_the_code_says_why_it_is_no_claim(path):
    found = list(unexplained(path, (HOME / path).read_text()))
    assert found == [], f"{path}: make it a claim of kalkan-model, or say here why it is none"


def test_every_reason_is_said_and_still_needed():
    for path, reasons in REASONS.items():
        found = numbers((HOME / path).read_text())
        for name, (allowed, reason) in reasons.items():
            assert reason and name in found, (path, name)
            assert allowed is None or allowed <= found[name], (path, name, allowed - found[name])
    for path, names in STANDARD.items():
        assert set(names.split()) <= set(numbers((HOME / path).read_text())), path


@pytest.mark.parametrize(
    "line",
    [f"    return {e}" for e in ("0.85 * x", "x > 7", "min(x, 300.0)", "x**0.3", "x / 10.0")],
)
def test_a_hidden_figure_is_found(line):
    source = (HOME / "kernels/launching.py").read_text() + f"\n\ndef hidden(x):\n{line}\n"
    assert [name for name, _ in unexplained("kernels/launching.py", source)] == ["hidden"]


def test_a_changed_value_of_an_explained_one_is_found():
    source = (HOME / "tracking/sector.py").read_text().replace("end_s - 0.75 *", "end_s - 0.8 *")
    assert list(unexplained("tracking/sector.py", source)) == [("track_sector", [0.8])]
