"""Loss on the way between radar and target: the one place where it enters detection maps.

A table per radar over slant range and apparent elevation, subtracted from the signal-to-noise ratio: absorption
and rain of the scenario's weather. The search for the lowest detected height expects losses that fall with
elevation; lobing over the sea does not, comes and goes within metres of height, and is left out of maps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.arrays import F8
from kalkan.compile.weather import RadarAir
from kalkan.jit import builder
from kalkan.models.propagation import Air, loss_db
from kalkan.models.rain import path_below_m
from kalkan.scenario import Weather

RANGE_STEP_M = 2000.0
TAN_LOW, TAN_STEP, N_TAN = -0.03, 0.001, 431
# where absorption is integrated; between these nodes it is straight
N_AIR = 64  # ranges
AIR_NODES = np.unique(np.concatenate([np.arange(0, 91), np.arange(90, N_TAN, 4)]))  # elevations, near the horizon all


class LossTable(NamedTuple):
    """Two-way loss [dB] on equidistant nodes; constant beyond them.

    It may be negative: less than what the radar's range claim already contains.

    Attributes
    ----------
    loss_db : ndarray, shape (n_range, n_elevation), at least (2, 2)
    range_step_m : float
        Node i lies at slant range i · range_step_m [m].
    tan_low, tan_step : float
        Node j lies at the apparent elevation tangent tan_low + j · tan_step [1].
    """

    loss_db: F8
    range_step_m: float
    tan_low: float
    tan_step: float


LOSSLESS = LossTable(np.zeros((2, 2)), 1e6, 0.0, 1.0)


def loss_of(air: RadarAir, weather: Weather, antenna_m: float, range_max_m: float) -> LossTable:
    """Loss of a radar in the scenario's weather beyond what its range claim contains.

    Parameters
    ----------
    air : RadarAir
        What the weather does to the radar's waves.
    weather : scenario.Weather
    antenna_m, range_max_m : float
        Height of the antenna above sea level [m]; slant range that the table must reach [m].

    Returns
    -------
    LossTable
        Linear between nodes: within 0.05 dB of :func:`kalkan.models.propagation.excess_db` from 20 km on.
    """
    n = int(range_max_m / RANGE_STEP_M) + 2
    loss = _absorption_db(n, air, antenna_m, weather.water_vapour_kg_m3)
    if air.rain_db_m > 0.0:
        extent_m = np.inf if weather.rain_extent_m is None else weather.rain_extent_m
        loss += air.rain_db_m * _in_rain_m(n, extent_m, antenna_m, weather.rain_height_m, air.radius_m)
    return LossTable(loss, RANGE_STEP_M, TAN_LOW, TAN_STEP)


def _absorption_db(n_range: int, air: RadarAir, antenna_m: float, vapour_kg_m3: float) -> F8:
    """Loss in clear air [dB], shape (n_range, N_TAN): from nodes closer together near antenna and horizon."""
    share = np.linspace(0.0, 1.0, N_AIR) ** 2 * (n_range - 1)
    at_nodes = loss_db(
        RANGE_STEP_M * share[:, None], TAN_LOW + TAN_STEP * AIR_NODES, frequency_hz=air.frequency_hz,
        antenna_m=antenna_m, radius_m=air.radius_m, air=Air(vapour_kg_m3),
    ) - air.claim_loss_db  # fmt: skip
    return _between(_between(at_nodes, share, n_range).T, AIR_NODES, N_TAN).T


def _between(values: F8, nodes: np.ndarray, n: int) -> F8:
    """Rows at 0, 1, … n - 1 from rows at ascending nodes, straight between them."""
    row = np.arange(n)
    left = np.minimum(np.searchsorted(nodes, row, side="right") - 1, nodes.size - 2)
    part = ((row - nodes[left]) / (nodes[left + 1] - nodes[left]))[:, None]
    return np.asarray(values[left] * (1.0 - part) + values[left + 1] * part)


@builder
def _in_rain_m(n_range: int, extent_m: float, antenna_m: float, top_m: float, radius_m: float) -> F8:
    """Way through the rain [m], shape (n_range, N_TAN)."""
    way = np.empty((n_range, N_TAN))
    for i in range(n_range):
        slant = min(i * RANGE_STEP_M, extent_m)
        for j in range(N_TAN):
            way[i, j] = path_below_m(slant, TAN_LOW + j * TAN_STEP, antenna_m, top_m, radius_m)
    return way
