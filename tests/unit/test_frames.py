"""The one rotation: arrays and compiled numbers agree, turn back, and agree with going over the earth."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import kalkan
from kalkan.earth.frames import between, frame, into, out_of
from kalkan.earth.geodesy import enu_basis, rotated, rotated_back

HERE, THERE = frame(41.9, 33.8, 812.0), frame(38.2, 27.1, 24.0)


@pytest.fixture
def vectors():
    return np.random.default_rng(1).normal(size=(200, 3)) * 1e5


def test_arrays_of_any_shape_are_turned_and_turned_back(vectors):
    axes = enu_basis(*np.radians(np.random.default_rng(2).uniform(-80, 80, (2, 200))))
    for some, turned in ((axes, vectors), (axes[0], vectors), (axes, vectors[0]), (axes[0], vectors[0])):
        local = rotated(some, turned)
        assert local.shape == np.broadcast_shapes(some.shape[:-1], turned.shape)
        np.testing.assert_allclose(rotated_back(some, local), np.broadcast_to(turned, local.shape), atol=1e-9)
        np.testing.assert_allclose(np.linalg.norm(local, axis=-1), np.broadcast_to(
            np.linalg.norm(turned, axis=-1), local.shape[:-1]
        ))  # fmt: skip
    assert rotated(axes.reshape(10, 20, 3, 3), vectors.reshape(10, 20, 3)).shape == (10, 20, 3)


def test_compiled_numbers_are_the_arrays(vectors):
    axes = np.stack([HERE.axes, THERE.axes])
    for v in vectors[:20]:
        for i in range(2):
            np.testing.assert_allclose(into(axes, i, *v), rotated(axes[i], v), atol=1e-9)
            np.testing.assert_allclose(out_of(axes, i, *v), rotated_back(axes[i], v), atol=1e-9)
            np.testing.assert_allclose(out_of(axes, i, *into(axes, i, *v)), v, atol=1e-9)
            moved = rotated(axes[i], v) + np.array([1.0, 2.0, 3.0])
            np.testing.assert_allclose(into(axes, i, *v, 1.0, 2.0, 3.0), moved)


def test_between_two_frames_is_over_the_earth(vectors):
    rotation, offset = between(HERE, THERE)
    over_the_earth = THERE.local(HERE.origin_m + rotated_back(HERE.axes, vectors))
    np.testing.assert_allclose(rotated(rotation, vectors) + offset, over_the_earth, atol=1e-8)
    assert np.allclose(HERE.local(HERE.origin_m), 0.0)


def test_no_other_file_writes_a_rotation_out():
    """Three products of a stack's elements, one for each axis; `covariance` of a plot turns a matrix, no vector."""
    home = Path(kalkan.__file__).parent
    written = re.compile(r"\w+\[\w+, [0i], [0i]\] \* \w+ \+ \w+\[\w+, [01i], [01i]\] \* \w+ \+ \w+\[")
    found = {}
    for path in home.rglob("*.py"):
        lines = [line for line in path.read_text("utf-8").splitlines() if written.search(line)]
        found |= {path.relative_to(home).as_posix(): lines} if lines else {}
    assert set(found) == {"earth/frames.py", "tracking/converting.py"}
    assert all(line.rstrip().endswith(("* ru", "* eu")) for line in found["tracking/converting.py"])
