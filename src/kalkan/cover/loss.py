"""Loss on the way between radar and target: the one place where it enters detection maps.

A table per radar over slant range and apparent elevation, subtracted from the signal-to-noise ratio. It
is zero today: absorption and rain are not modelled yet. A model of them fills :func:`loss_of`; nothing
else here needs to change, the search for the lowest detected height expects losses that fall with elevation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import RadarSite
from kalkan.kernels.plan import F8


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


def loss_of(radar: RadarSite, inputs: Inputs) -> LossTable:
    """Loss table of a radar."""
    return LOSSLESS
