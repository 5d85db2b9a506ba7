"""Records: what the loop writes down, one row per replication, laid out by the schema.

Variables that share their dimensions share one structured array (see ``plan`` for why);
:func:`columns` gives them back one by one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import Struct
from kalkan.schema import VARIABLES


class Records(NamedTuple):
    """Structured arrays; fields are the schema's variables of these dimensions."""

    replication: Struct  # (n,)
    threat: Struct  # (n, n_threat)
    unit: Struct  # (n, n_unit)
    loads: Struct  # (n, n_unit, n_interceptor)
    asset: Struct  # (n, n_asset)
    radar: Struct  # (n, n_radar)
    post: Struct  # (n, n_post)
    event: Struct  # (n, n_event)
    wave: Struct  # (n, n_wave)
    wave_loads: Struct  # (n, n_wave, n_interceptor)
    wave_asset: Struct  # (n, n_wave, n_asset)
    part: Struct  # (n, n_part)
    stock: Struct  # (n, n_stock)


DIMS: dict[str, tuple[str, ...]] = {
    "replication": (),
    "threat": ("threat",),
    "unit": ("unit",),
    "loads": ("unit", "interceptor"),
    "asset": ("asset",),
    "radar": ("radar",),
    "post": ("post",),
    "event": ("event",),
    "wave": ("wave",),
    "wave_loads": ("wave", "interceptor"),
    "wave_asset": ("wave", "asset"),
    "part": ("part",),
    "stock": ("stock",),
}


def _variables(part: str) -> list[str]:
    dims = ("replication", *DIMS[part])
    return [name for name, v in VARIABLES.items() if v.dims == dims]


def threat_rows() -> Struct:
    """An array of the type of ``Records.threat``."""
    return np.zeros((1, 1), _dtype("threat"))


def _dtype(part: str) -> np.dtype[np.void]:
    return np.dtype([(name, VARIABLES[name].dtype) for name in _variables(part)], align=True)


def allocate(n_replications: int, sizes: dict[str, int]) -> Records:
    """Records for `n_replications`.

    Parameters
    ----------
    n_replications : int
        Length of the leading axis.
    sizes : dict
        Length of every other dimension of the schema (``threat``, ``unit``, ``interceptor``,
        ``asset``, ``post``, ``radar``, ``event``); what is left out has none, as ``wave``, ``part`` and
        ``stock`` outside a campaign.

    Returns
    -------
    Records
        Zeros; times and ranges of threats nan; indices -1.
    """
    parts = []
    for part in Records._fields:
        names = _variables(part)
        array = np.zeros([n_replications, *(sizes.get(d, 0) for d in DIMS[part])], _dtype(part))
        for name in names:
            if VARIABLES[name].unit == "index":
                array[name] = -1
            elif part == "threat" and VARIABLES[name].dtype == "float32":
                array[name] = np.nan
        parts.append(array)
    return Records(*parts)


def columns(records: Records) -> dict[str, NDArray[Any]]:
    """Every variable of the schema by name, as a view."""
    return {
        name: part[name] for part_name, part in zip(records._fields, records, strict=True)
        for name in _variables(part_name)
    }  # fmt: skip
