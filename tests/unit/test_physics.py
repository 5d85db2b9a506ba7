"""The physics library: exactly what is listed, examples that run, words for mistakes, and the loop's own code."""

from __future__ import annotations

import ast
import doctest
import inspect
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import kalkan
from kalkan import physics
from kalkan.models import detection, flyout
from kalkan.models.radar import claim_constant_db, snr_from_constant_db
from kalkan.physics import arguments

SRC = Path(kalkan.__file__).parent
PAGE = SRC.parents[1] / "docs" / "physics.md"
TYPES = {"Air", "CLEAR", "FlyoutTable"}
FUNCTIONS = [name for name in physics.__all__ if name not in TYPES]
# what a function computes with, and who of the engine and of coverage calls the same; (): formulas to compare with
STANDS_ON = {
    "radar_equation_snr_db": ("snr_from_constant_db",),
    "snr_db": ("claim_constant_db", "snr_from_constant_db"),
    "rcs_at_aspect_m2": ("aspect_rcs_dbsm",),
    "measurement_sigma": ("measurement_sigma",),
    "probability_of_detection": ("probability_of_detection",),
    "required_snr_db": ("required_snr_db",),
    "chance_of_hold": ("look_again",),
    "chance_within": ("chance_within",),
    "effective_radius_m": ("effective_radius_m",),
    "apparent_elevation_rad": ("apparent_tan",),
    "ray_height_m": ("height_at_tan",),
    "air_attenuation_db_km": ("air_db_km",),
    "rain_attenuation_db_km": ("rain_db_km",),
    "path_loss_db": ("loss_db",),
    "excess_loss_db": ("excess_db",),
    "lobing_factor": ("pattern_factor", "sea_permittivity"),
    "air_temperature_k": ("temperature",),
    "air_pressure_pa": ("pressure",),
    "air_density_kg_m3": ("density",),
    "sound_speed_m_s": ("sound_speed",),
    "flyout_table": ("build",),
    "fly_out": ("lookup",),
    "kill_probability": ("kill_probability",),
    "jam_to_noise_db": ("jam_to_noise_at_1m",),
    "posterior": ("identify",),
    "salvo_kill_probability": ("common_failure", "own_chance"),
}
TO_COMPARE_WITH = {
    "albersheim_snr_db", "burn_through_range_m", "horizon_range_m", "m_of_n", "m_of_n_by_scan", "marcum_q",
    "range_for_snr_m", "shnidman_snr_db",
}  # fmt: skip
# what the loop has in two parts, since it has the first at hand before it needs the second
BY_PARTS = {"pattern_factor": {"reflection", "factor_of"}, "excess_db": {"loss_db", "reference_loss_db"}}
ROOMS = ("kernels", "compile", "cover")


def test_the_names_are_exactly_those_of_the_page():
    table = re.findall(r"^\| (`.*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = [name for row in table for name in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted(FUNCTIONS)
    assert len(set(physics.__all__)) == len(physics.__all__) and set(physics.__all__) <= set(dir(physics))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_takes_gives_and_refuses(name):
    function = getattr(physics, name)
    text = inspect.getdoc(function)
    for section in ("Parameters", "Returns", "Examples", "Raises"):
        assert f"{section}\n{'-' * len(section)}" in text, section
    assert "References\n----------" in text or "kalkan's own" in text, "a source, or that there is none"
    for argument in inspect.signature(function).parameters:
        assert re.search(rf"^[\w, ]*\b{argument}\b", text, re.MULTILINE), argument


@pytest.mark.parametrize("module", ["atmosphere", "detection", "interception", "jamming", "propagation", "radar"])
def test_the_examples_of_the_docstrings_run(module):
    found = doctest.testmod(sys.modules[f"kalkan.physics.{module}"])
    assert found.attempted and not found.failed


def test_the_worked_example_runs():
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 10 and not found.failed


def test_it_is_there_without_the_loop(tmp_path):
    """Nothing of the loop is loaded, and nothing of it compiled."""
    code = (
        "import sys\nfrom kalkan import physics\nphysics.snr_db(13.0, 390e3, 4.0, 1.0, [1e5, 2e5])\n"
        "print([m for m in sys.modules if m.startswith(('kalkan.kernels', 'kalkan.compile', 'kalkan.scenario'))])"
    )
    environment = {"PYTHONPATH": str(SRC.parent), "KALKAN_CACHE_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"
    compiled = {p.parent.name.rpartition("_")[0] for p in tmp_path.rglob("*.nbi")}
    assert compiled <= {"models", "earth"}


# --- one implementation -------------------------------------------------------------------------------------------


def named_in(function) -> set[str]:
    """Names that a library function uses, through the shorthands of its module."""
    module = ast.parse(inspect.getsource(inspect.getmodule(function)))
    used = {
        node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        for node in ast.walk(ast.parse(inspect.getsource(function)))
    }
    short = {
        target.id: {n.attr for n in ast.walk(node.value) if isinstance(n, ast.Attribute)}
        for node in module.body if isinstance(node, ast.Assign)
        for targets in node.targets for target in ast.walk(targets) if isinstance(target, ast.Name)
    }  # fmt: skip
    helpers = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    for name in used & set(helpers):
        used = used | {n.attr for n in ast.walk(helpers[name]) if isinstance(n, ast.Attribute)}
    return used | set().union(*(short[u] for u in used & set(short)), set())


def calls(path: Path) -> dict[str, set[str]]:
    """Names used by every function of a file, and at its head."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = {n.attr if isinstance(n, ast.Attribute) else n.id for n in ast.walk(node)
                 if isinstance(n, ast.Attribute | ast.Name)}  # fmt: skip
        found[getattr(node, "name", f"{path}{node.lineno}")] = names
    return found


@pytest.fixture(scope="module")
def reached() -> set[str]:
    """Functions of models and earth that the loop, its plan or coverage comes to."""
    inner = {}
    for room in ("models", "earth"):
        for path in (SRC / room).rglob("*.py"):
            for name, names in calls(path).items():
                inner.setdefault(name, set()).update(names)
    todo = set().union(
        *(names for room in ROOMS for p in (SRC / room).rglob("*.py") for names in calls(p).values())
    )  # fmt: skip
    seen = set()
    while todo:
        name = todo.pop()
        if name in inner and name not in seen:
            seen.add(name)
            todo |= inner[name]
    return seen


def test_every_function_is_the_loops_own_or_a_formula_to_compare_with():
    assert set(STANDS_ON) | TO_COMPARE_WITH == set(FUNCTIONS) and not set(STANDS_ON) & TO_COMPARE_WITH


@pytest.mark.parametrize("name", STANDS_ON)
def test_a_library_function_computes_with_the_loops_code(name, reached):
    assert set(STANDS_ON[name]) <= named_in(getattr(physics, name))
    models = {n: names for p in (SRC / "models").glob("*.py") for n, names in calls(p).items()}
    for used in STANDS_ON[name]:
        assert BY_PARTS.get(used, {used}) <= reached, "the engine or coverage uses it too"
        assert BY_PARTS.get(used, set()) <= models.get(used, set())


def test_no_model_is_there_for_tests_alone(reached):
    """What only tests would use is in the library, or gone."""
    library = {n for p in (SRC / "physics").glob("*.py") for names in calls(p).values() for n in names}
    above = set()
    for path in SRC.rglob("*.py"):
        if path.relative_to(SRC).parts[0] not in ("models", "physics"):
            above |= {n for names in calls(path).values() for n in names}
    for path in (SRC / "models").glob("*.py"):
        defined = {n.name for n in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(n, ast.FunctionDef)}
        inner = {n for name, names in calls(path).items() for n in names if n != name}
        assert defined <= library | above | inner | reached, path.name


# --- what it computes ---------------------------------------------------------------------------------------------


def test_arrays_are_the_numbers_one_by_one():
    """Bit for bit what the loop computes."""
    rng = np.random.default_rng(1)
    rcs, away = rng.uniform(0.001, 10.0, (3, 4)), rng.uniform(1e3, 4e5, (3, 4))
    found = physics.snr_db(13.0, 390e3, 4.0, rcs, away)
    constant_db = claim_constant_db(13.0, 390e3, 4.0)
    each = [snr_from_constant_db(constant_db, 10.0 * np.log10(s), r) for s, r in zip(rcs.flat, away.flat, strict=True)]
    assert found.shape == (3, 4) and (found.ravel() == each).all()
    assert isinstance(physics.snr_db(13.0, 390e3, 4.0, 1.0, 1e5), float)


def test_shapes_broadcast():
    assert physics.snr_db(13.0, 390e3, 4.0, np.ones((3, 1)), np.full(4, 1e5)).shape == (3, 4)
    sea = {"frequency_hz": 3e9, "beamwidth_rad": 0.03}
    assert physics.lobing_factor(20.0, [[30.0], [60.0]], [1e4, 2e4], **sea).shape == (2, 2)
    time_s, speed_m_s = physics.fly_out(small(), [[10e3], [20e3]], [0.0, 3000.0, 9000.0])
    assert time_s.shape == speed_m_s.shape == (2, 3)


def small() -> physics.FlyoutTable:
    return physics.flyout_table(
        launch_mass_kg=1800, diameter_m=0.5, burn_time_s=12, propellant_fraction=0.6, drag_coefficient=0.3,
        max_speed_m_s=2000, max_range_m=150e3, max_altitude_m=27e3, n_range=16, n_altitude=10,
    )  # fmt: skip


def test_a_fly_out_is_the_loops_look_up():
    table = small()
    time_s, speed_m_s = physics.fly_out(table, [40e3, 140e3], 9000.0)
    for i, away in enumerate((40e3, 140e3)):
        loop = flyout.lookup(table.time_s, table.speed_m_s, table.range_step_m, table.altitude_step_m, away, 9000.0)
        assert (time_s[i], speed_m_s[i]) == loop


def test_a_salvo_without_common_causes_is_the_binomial_and_with_them_alone_one_round():
    p = np.linspace(0.0, 1.0, 11)
    np.testing.assert_allclose(physics.salvo_kill_probability(p, 3), 1.0 - (1.0 - p) ** 3, atol=1e-15)
    np.testing.assert_allclose(physics.salvo_kill_probability(p, 3, 1.0), p, atol=1e-15)
    np.testing.assert_allclose(physics.salvo_kill_probability(p, 1, 0.3), p, atol=1e-15)


def test_a_ray_comes_back_to_where_it_was_seen():
    ground, height = np.linspace(1e3, 4e5, 50), np.linspace(0.0, 20e3, 50)
    elevation = physics.apparent_elevation_rad(ground, height, 24.0)
    np.testing.assert_allclose(physics.ray_height_m(ground, elevation, 24.0), height, atol=1e-6)


def test_a_nominal_shot_is_the_claim():
    assert physics.kill_probability(0.7, 3.0, 0.1, 9000.0, 8000.0, max_altitude_m=27e3) == 0.7


# --- mistakes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: physics.snr_db(13.0, 390e3, 4.0, 1.0, -5.0), "range_m = -5 m must be above 0 m"),
        (lambda: physics.snr_db(13.0, 390e3, 4.0, [[1.0, -2.0]], 1e5), "rcs_m2[0, 1] = -2 m² must be above 0 m²"),
        (lambda: physics.snr_db(13.0, 390e3, 4.0, 1.0, math.nan), "range_m = nan m must be above 0 m"),
        (lambda: physics.snr_db(13.0, "far", 4.0, 1.0, 1e5), "reference_range_m must be numbers [m]; got 'far'"),
        (lambda: physics.snr_db(13.0, [1e5, 2e5], 4.0, 1.0, 1e5),
         "reference_range_m must be one number [m]; got an array of shape (2,)"),
        (lambda: physics.snr_db(13.0, 390e3, 4.0, [1.0, 2.0], [1e5, 2e5, 3e5]),
         "the shapes of rcs_m2 (2,), range_m (3,) do not broadcast"),
        (lambda: physics.probability_of_detection(13.0, 1.5, 1, 1), "p_fa = 1.5 must be above 0 and below 1"),
        (lambda: physics.probability_of_detection(13.0, 1e-6, 2.5, 1),
         "n_pulses = 2.5 must be a whole number, at least 1 and at most 10000"),
        (lambda: physics.probability_of_detection(13.0, 1e-6, 1, 5), "swerling = 5 must be at least 0 and at most 4"),
        (lambda: physics.required_snr_db(1e-7, 1e-6, 1, 1), "p_d = 1e-07 must be above 1e-06 and below 1"),
        (lambda: physics.m_of_n(4, 3, 0.5), "m = 4 must be at least 1 and at most 3"),
        (lambda: physics.horizon_range_m(-1.0, 10.0), "antenna_m = -1 m must be at least 0 m"),
        (lambda: physics.horizon_range_m(1.0, 10.0, k=0.0), "k = 0 must be at least 0.3 and at most 10"),
        (lambda: physics.path_loss_db(1e5, 0.0, frequency_hz=3e9, air=physics.Air(rain_rate_mm_h=-1.0)),
         "air.rain_rate_mm_h = -1 mm/h must be at least 0 mm/h"),
        (lambda: physics.kill_probability(0.8, 2.0, 4.0, 1e3, 1e3, max_altitude_m=27e3),
         "crossing_rad = 4 rad must be at least 0 rad and at most 3.14159 rad"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_name_unit_and_range(call, told):
    with pytest.raises(ValueError, match="^" + re.escape(told) + "$"):
        call()


def test_a_range_without_ends_is_any_finite_number():
    with pytest.raises(ValueError, match="x = inf dB must be finite"):
        arguments.numbers("x", math.inf, "dB")


def test_the_tables_of_the_loop_are_the_librarys_probabilities():
    """To the last bit, at the points of the table."""
    grid = np.linspace(detection.TABLE_SNR_DB_MIN, detection.TABLE_SNR_DB_MAX, detection.TABLE_N)
    table = detection.p_d_table(1, 20, 1e-6)
    assert (table == physics.probability_of_detection(grid, 1e-6, 20, 1)).all()
