"""The readable twin: every pure compiled function equals the same Python source, uncompiled, on random inputs.

What compilation could break is types, integer widths, the order of evaluation and a stale cache; whether
the formula itself is right is the business of the reference tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalkan.earth import horizon, rays, refraction
from kalkan.kernels import command, events, intercept, random, sensing, slots
from kalkan.kernels.plan import PICTURES, RADARS
from kalkan.models import (
    detection,
    flyout,
    lethality,
    multipath,
    propagation,
    radar,
    rain,
    signature,
    trajectory,
)
from kalkan.tracking import assignment, filtering, lifecycle
from kalkan.tracking.tables import COLUMNS, PAIRS, ROWS, Assignment

F = st.floats
REAL, UNIT = F(-1e5, 1e5), F(0.0, 1.0)
RANGE, HEIGHT, TANGENT, RADIUS = F(100.0, 6e5), F(1.0, 2e4), F(-0.1, 3.0), F(7e6, 1e7)
WORD32, WORD64 = (st.integers(0, 2**b - 1).map(np.uint64) for b in (32, 64))
LAT = F(-1.5, 1.5)
TERMS = LAT.map(refraction.curvature_terms)
WATER = F(1e9, 16e9).map(multipath.sea_permittivity)
WAVE = F(0.015, 0.3)


def table(*shape: int, low: float = 0.0, high: float = 1.0, kind: type = np.float64) -> np.ndarray:
    return np.random.default_rng(sum(shape)).uniform(low, high, shape).astype(kind)


def fixed(value: Any) -> Any:
    return st.just(value)


BODY = flyout.Body(1800.0, 12.0, 0.5, 0.03, 90_000.0)
FLIGHT_S = np.where(table(20, 10) < 0.1, np.inf, table(20, 10, high=300.0))
KNOTS_S = np.cumsum(table(12, low=1.0, high=30.0))
HEIGHTS = np.round(table(30, 40, high=2000.0)).astype(np.float32)  # whole metres: differences are exact

PURE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "interpolate_p_d": (
        detection.interpolate_p_d,
        (fixed(detection.p_d_table(1, 4, 1e-6)), fixed(-20.0), fixed(20.0), F(-30.0, 70.0)),
    ),
    "snr_from_constant_db": (radar.snr_from_constant_db, (F(100.0, 300.0), F(-50.0, 30.0), RANGE)),
    "measurement_sigma": (radar.measurement_sigma, (F(0.1, 200.0), F(5.0, 25.0), F(-20.0, 60.0))),
    "aspect_rcs_dbsm": (signature.aspect_rcs_dbsm, (F(-40.0, 20.0), F(-40.0, 20.0), F(-40.0, 20.0), F(-1.0, 1.0))),
    "lookup": (
        flyout.lookup,
        (fixed(FLIGHT_S), fixed(table(20, 10)), fixed(1e3), fixed(1e3), F(-500.0, 2.1e4), F(-500.0, 1.1e4)),
    ),
    "acceleration": (
        flyout._acceleration,
        (F(0.0, 40.0), F(-1.0, 1.0), HEIGHT, F(0.0, 2e3), fixed(BODY), fixed(flyout.standard_air())),
    ),
    "speed_factor": (lethality.speed_factor, (F(0.0, 3.0),)),
    "crossing_factor": (lethality.crossing_factor, (F(0.0, math.pi),)),
    "altitude_factor": (lethality.altitude_factor, (F(0.0, 3e4), F(0.0, 100.0), F(1e4, 3e4))),
    "kill_probability": (
        lethality.kill_probability,
        (
            UNIT, F(0.0, 3.0), F(0.0, 3.1), F(-100.0, 3e4), F(0.0, 3e4), F(0.0, 100.0), F(1e4, 3e4), F(0.1, 0.9),
            F(1.0, 2.0), F(0.5, 1.5), UNIT, UNIT, F(0.05, 0.3),
        ),
    ),
    "phase": (trajectory.phase, (fixed(KNOTS_S), fixed(2), fixed(9), F(-10.0, 300.0))),
    "evaluate": (
        trajectory.evaluate,
        (
            fixed(KNOTS_S),
            fixed(table(12, 3, high=1e6)),
            fixed(table(12, 3)),
            fixed(table(12, 2, 3)),
            fixed(2),
            fixed(9),
            st.integers(-3, 20),
            F(-10.0, 300.0),
            F(-500.0, 500.0),
        ),
    ),
    "path_below_m": (rain.path_below_m, (RANGE, F(-0.2, 3.0), HEIGHT, F(100.0, 2e4), RADIUS)),
    "interpolate_loss": (
        propagation.interpolate_loss,
        (fixed(table(2, 40, 97, kind=np.float32)), st.integers(0, 1), fixed(6e5), F(0.0, 6.1e5), F(-0.5, 20.0)),
    ),
    "fresnel": (multipath.fresnel, (WATER, UNIT)),
    "coherent_share": (multipath.coherent_share, (F(0.0, 3.0), WAVE, UNIT)),
    "reflection": (multipath.reflection, (HEIGHT, HEIGHT, F(1e3, 1.5e5), RADIUS)),
    "divergence": (multipath.divergence, (F(10.0, 1e3), F(2e3, 1e5), F(-0.1, 1.0), RADIUS)),
    "interference": (multipath.interference, (WATER.map(lambda w: 1.0 / w), F(0.0, 5.0), WAVE)),
    "beam_share": (multipath.beam_share, (UNIT, F(0.01, 0.2))),
    "ray_angle_rad": (multipath.ray_angle_rad, (F(10.0, 1e3), HEIGHT, HEIGHT, F(2e3, 1e5), RADIUS)),
    "horizon_factor": (multipath.horizon_factor, (F(5.0, 500.0), F(5.0, 500.0), F(5e3, 2e5), RADIUS, WAVE)),
    "diffraction_db": (multipath._diffraction_db, (F(5.0, 500.0), F(5.0, 500.0), F(5e3, 2e5), RADIUS, WAVE)),
    "pattern_factor": (
        multipath.pattern_factor,
        (F(5.0, 100.0), F(0.0, 500.0), F(5e3, 1e5), RADIUS, WAVE, WATER, F(0.0, 1.0), F(0.005, 0.2)),
    ),
    "curvature_terms": (refraction.curvature_terms, (LAT,)),
    "local_radius": (refraction.local_radius, (REAL, REAL, TERMS)),
    "ground_range_height": (refraction.ground_range_height, (REAL, REAL, F(-1e4, 2e4), HEIGHT, TERMS)),
    "half_bulge_tan": (refraction.half_bulge_tan, (F(0.0, 0.6),)),
    "short_sin": (refraction.short_sin, (F(0.0, 0.6),)),
    "apparent_tan": (refraction.apparent_tan, (F(0.0, 6e5), HEIGHT, HEIGHT, RADIUS)),
    "height_at_tan": (refraction.height_at_tan, (F(0.0, 6e5), F(-0.1, 1.0), HEIGHT, RADIUS)),
    "look": (refraction.look, (REAL, REAL, F(-1e4, 2e4), HEIGHT, TERMS, F(1.0, 2.0))),
    "azimuth_turns": (horizon.azimuth_turns, (REAL, REAL)),
    "azimuth_index": (horizon.azimuth_index, (REAL, REAL, st.integers(1, 2880))),
    "horizon_tan": (
        horizon.horizon_tan,
        (fixed(table(8 * 50, kind=np.float32)), fixed(0), fixed(8), fixed(50), fixed(1e5), UNIT, F(0.0, 1e5)),
    ),
    "visible": (
        horizon.visible,
        (
            fixed(table(8 * 50, kind=np.float32)),
            fixed(0),
            fixed(8),
            fixed(50),
            fixed(1e5),
            REAL,
            REAL,
            F(0.0, 1.2e5),
            UNIT,
        ),
    ),
    "section_point": (
        rays.section_point,
        (F(-1.2, 1.2), F(-3.0, 3.0), fixed(0.6), fixed(0.8), F(0.0, 4e5), fixed(6.37e6)),
    ),
    "first_crossing": (rays.first_crossing, (F(-50.0, 50.0), F(-3.0, 3.0))),
    "parabola": (rays.parabola, (fixed(HEIGHTS), F(-2.0, 32.0), F(-2.0, 42.0), F(-1.0, 1.0), F(-1.0, 1.0))),
    "tangent_at": (rays.tangent_at, (F(1.0, 4e5), F(-100.0, 5e3), F(0.0, 3e3), fixed(8.5e6))),
    "mix": (random.mix, (WORD64, WORD64)),
    "philox": (random.philox, (WORD32,) * 6),
    "draw4": (
        random.draw4,
        (WORD64, st.integers(0, 2**32 - 1), st.integers(1, 9), WORD64, WORD64, st.integers(0, 2**32 - 1)),
    ),
    "normal": (random.normal, (F(1e-300, 1.0, exclude_max=True),)),
    "poisson": (random.poisson, (UNIT, F(0.0, 300.0))),
    "weight": (slots.weight, (F(0.0, 5e3), F(1.0, 1e3))),
    "milder": (command.milder, (st.integers(0, 9), st.integers(0, 9))),
    "before": (
        events.before,
        (
            st.sampled_from([0.0, 1.0]),
            st.integers(0, 2),
            st.integers(0, 2),
            st.sampled_from([0.0, 1.0]),
            st.integers(0, 2),
            st.integers(0, 2),
        ),
    ),
    "in_sector": (sensing.in_sector, (REAL, REAL, F(-7.0, 7.0), F(0.1, 7.0))),
    "count": (lifecycle._count, (st.integers(0, 2**31 - 1),)),
}


def same(compiled: Any, plain: Any) -> None:
    """Equal: whole numbers and words exactly, the rest to the last digits that a library function may differ in."""
    if isinstance(compiled, tuple):
        assert len(compiled) == len(plain)
        for a, b in zip(compiled, plain, strict=True):
            same(a, b)
    elif isinstance(compiled, bool | int | np.integer):
        assert int(compiled) == int(plain)
    else:
        np.testing.assert_allclose(compiled, plain, rtol=1e-10, atol=1e-12)


def wide(arguments: tuple[Any, ...]) -> list[Any]:
    """Arguments for plain Python: compiled code widens a float32 cell before it reckons, NumPy's scalars do not."""
    return [a.astype(np.float64) if isinstance(a, np.ndarray) and a.dtype == np.float32 else a for a in arguments]


@pytest.mark.parametrize("name", PURE)
def test_pure(name: str) -> None:
    """Every pure function of the loop: compiled and as plain Python, on random inputs.

    Against: itself: the same source, uncompiled.
    """
    function, strategies = PURE[name]

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.tuples(*strategies))
    def check(arguments: tuple[Any, ...]) -> None:
        with np.errstate(all="ignore"):  # words wrap around; a quotient of zeros is the same in both
            same(function(*arguments), function.py_func(*wide(arguments)))

    check()


def covariance(rng: np.random.Generator, n: int, scale: float) -> np.ndarray:
    a = rng.normal(size=(n, n + 2))
    return scale * (a @ a.T)


def copied(arguments: tuple[Any, ...]) -> list[Any]:
    return [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]


def both(function: Any, *arguments: Any) -> None:
    """Call both twins on their own copies; results and everything written must agree."""
    fast, slow = copied(arguments), copied(arguments)
    result, plain = function(*fast), function.py_func(*slow)
    if result is not None:
        same(result, plain)
    for a, b in zip(fast, slow, strict=True):
        if isinstance(a, np.ndarray):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


FILTER: dict[str, Callable[[np.random.Generator], tuple[Any, ...]]] = {
    "predict": lambda g: (
        filtering.predict, g.normal(size=6), covariance(g, 6, 10.0), g.uniform(-1.0, 12.0), g.uniform(0.0, 50.0),
    ),
    "invert": lambda g: (filtering.invert, covariance(g, 3, 100.0), np.empty((3, 3))),
    "distance": lambda g: (
        filtering.distance, g.normal(size=6), covariance(g, 6, 10.0), g.normal(size=3), covariance(g, 3, 5.0),
        g.uniform(0.0, 2.0), 20.0, np.empty((4, 3, 3)),
    ),
    "update": lambda g: (
        filtering.update, g.normal(size=6), covariance(g, 6, 10.0), g.normal(size=3), covariance(g, 3, 5.0),
        np.empty((4, 3, 3)),
    ),
    "begin": lambda g: (
        filtering.begin, g.normal(size=6), covariance(g, 6, 10.0), g.normal(size=3), covariance(g, 3, 5.0), 300.0,
    ),
    "sort_by": lambda g: (assignment.sort_by, np.round(g.normal(size=40), 1), np.zeros(40, np.int64), 40),
}  # fmt: skip


@pytest.mark.parametrize("name", FILTER)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_in_place(name: str, seed: int) -> None:
    """Every part of the filter, and the sorting, likewise.

    Against: itself: the same source, uncompiled.
    """
    both(*FILTER[name](np.random.default_rng(seed)))


def random_radars(rng: np.random.Generator) -> np.ndarray:
    radars = np.zeros(2, RADARS)
    radars["range_sigma_m"], radars["azimuth_sigma_rad"], radars["elevation_sigma_rad"] = 50.0, 3e-3, 4e-3
    radars["snr_reference_db"], radars["offset_m"] = 15.0, rng.normal(size=(2, 3)) * 1e4
    radars["to_picture"] = np.linalg.qr(rng.normal(size=(2, 3, 3)))[0]
    return radars


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_measurement(seed: int) -> None:
    """The plot that a look writes, and its covariance.

    Against: itself: the same source, uncompiled.
    """
    rng = np.random.default_rng(seed)
    radars = random_radars(rng)
    place = rng.normal(size=3) * (5e4, 5e4, 5e3)
    look = (1, rng.uniform(0.0, 40.0), float(np.linalg.norm(place)), *place, *rng.normal(size=3))
    out = [(np.empty(3), np.empty((3, 3))) for _ in range(2)]
    a = sensing.measure(radars, *look, *out[0])
    b = sensing.measure.py_func(radars.view(np.recarray), *look, *out[1])
    same(a, b)
    for x, y in zip(*out, strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-9)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_places_in_a_picture(seed: int) -> None:
    """Heights and bearings in a radar's own frame.

    Against: itself: the same source, uncompiled.
    """
    rng = np.random.default_rng(seed)
    pictures = np.zeros(2, PICTURES)
    pictures["mean_radius_m"], pictures["altitude_m"] = 6.37e6, 800.0
    place = rng.normal(size=3) * 1e5
    same(
        intercept.altitude_m(pictures, 1, *place),
        intercept.altitude_m.py_func(pictures.view(np.recarray), 1, *place),
    )
    radars = random_radars(rng)
    same(
        intercept.bearing_rad(radars, 1, *place),
        intercept.bearing_rad.py_func(radars.view(np.recarray), 1, *place),
    )


def sparse_problem(rng: np.random.Generator, rows: int, columns: int) -> Assignment:
    allowed = rng.random((rows, columns)) < 0.4
    a = Assignment(np.zeros(allowed.sum() + 1, PAIRS), np.zeros(rows + 1, ROWS), np.zeros(columns + 1, COLUMNS))
    a.rows["first"][1:] = np.cumsum(allowed.sum(axis=1))
    a.rows["column"] = -1
    a.pairs["column"][:-1] = np.nonzero(allowed)[1]
    a.pairs["cost"][:-1] = rng.normal(size=allowed.sum())
    return a


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), rows=st.integers(1, 9), columns=st.integers(1, 9))
def test_assignment(seed: int, rows: int, columns: int) -> None:
    """Jonker and Volgenant's search: compiled, and each of its parts read as Python.

    Against: itself: the same source, uncompiled.
    """
    fast, slow = (sparse_problem(np.random.default_rng(seed), rows, columns) for _ in range(2))
    assignment.solve(fast, rows, columns)
    names = ("_take_best", "_insert", "_reprice", "_augment")
    kept = {name: getattr(assignment, name) for name in names}
    try:
        for name in names:
            setattr(assignment, name, kept[name].py_func)
        assignment.solve.py_func(Assignment(*(x.view(np.recarray) for x in slow)), rows, columns)
    finally:
        for name in names:
            setattr(assignment, name, kept[name])
    for x, y in zip(fast, slow, strict=True):
        for field in x.dtype.names or ():
            np.testing.assert_allclose(x[field], y[field], rtol=1e-12, err_msg=field)
