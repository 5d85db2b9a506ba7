"""From the refractivity of the air to the effective earth radius: one gradient everywhere, or one in each layer."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.earth.geodesy import MEAN_RADIUS_M

LOWEST_GRADIENT_N_KM = -150.0
"""Nearer to -157 N/km rays follow the earth, and beyond it they are trapped: no k describes that, nor a table with one
floor for each direction and range, since what is seen is then the duct, and what lies above the hole over it."""
PER_METRE = 1e-9  # a gradient of 1 N/km as a change of refractive index [1/m]
LOWEST_KILOMETRE_M = 1000.0


class AirLayer(NamedTuple):
    """Air whose refractivity changes evenly from one height up to where the next layer begins."""

    from_m: float  # above sea level [m]
    gradient_n_km: float  # dN/dh [N-units/km]


Layers = tuple[AirLayer, ...]  # from the lowest up, the first from 0 m; what is below 0 m is as the first


def k_of_gradient(gradient_n_km: float) -> float:
    """Effective-earth factor [1] of an atmosphere whose refractivity changes evenly with height.

    k = 1 / (1 + R dN/dh 1e-6), with the earth's mean radius R in km; Recommendation ITU-R P.834-9, section 3.

    Parameters
    ----------
    gradient_n_km : float
        dN/dh [N-units/km], above -157: about -39 in the standard atmosphere (k = 4/3).
    """
    return 1.0 / (1.0 + MEAN_RADIUS_M * 1e-3 * gradient_n_km * 1e-6)


def k_of_layers(layers: Layers) -> float:
    """Effective-earth factor [1] of the mean gradient over the lowest kilometre.

    That gradient is what Recommendation ITU-R P.453-14, section 3, maps as ΔN, and P.834-9 takes k from.
    """
    total = 0.0
    for layer, top_m in zip(layers, _tops_m(layers), strict=True):
        total += layer.gradient_n_km * max(min(top_m, LOWEST_KILOMETRE_M) - layer.from_m, 0.0)
    return k_of_gradient(total / LOWEST_KILOMETRE_M)


def layered_horizon_m(
    h1_m: ArrayLike, h2_m: ArrayLike, layers: Layers, radius_m: float = MEAN_RADIUS_M
) -> NDArray[np.float64]:
    """Largest ground range [m] at which two heights see each other over a smooth earth, through layers.

    In a layer of gradient n' a flat ray bends away from the earth by g = 1/R + n' per metre, so that
    its slope u over the surface it grazes grows by u² = 2 ∫ g dh, and a layer of depth Δh takes the range
    2 Δh / (u_below + u_above). With one layer it is ``sqrt(2kR)·(sqrt h1 + sqrt h2)``.

    Source: Snell's law in spherical layers (Bouguer's rule) for small slopes, as Bean & Dutton, Radio Meteorology,
    NBS Monograph 92 (1966), chapter 3.

    Parameters
    ----------
    h1_m, h2_m : array_like
        Heights above the smooth earth [m], >= 0; they broadcast.
    layers : Layers
        None of which traps rays.
    """
    return _grazing_m(h1_m, layers, radius_m) + _grazing_m(h2_m, layers, radius_m)


def _grazing_m(h_m: ArrayLike, layers: Layers, radius_m: float) -> NDArray[np.float64]:
    """Ground range [m] at which the ray that grazes the surface reaches a height."""
    height = np.asarray(h_m, dtype=np.float64)
    slope, away = np.zeros(height.shape), np.zeros(height.shape)
    for layer, top_m in zip(layers, _tops_m(layers), strict=True):
        depth = np.clip(height, layer.from_m, top_m) - layer.from_m
        above = np.sqrt(slope**2 + 2.0 * (1.0 / radius_m + layer.gradient_n_km * PER_METRE) * depth)
        away += np.divide(2.0 * depth, slope + above, out=np.zeros(height.shape), where=depth > 0.0)
        slope = above
    return away


def _tops_m(layers: Layers) -> list[float]:
    """Where each layer ends [m]."""
    return [*(layer.from_m for layer in layers[1:]), math.inf]
