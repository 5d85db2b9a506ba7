"""Filters and rules of initiation by name, as pointers that the tracker calls.

A filter is a module with ``foresee``, ``place``, ``absorb`` and ``open`` as in ``tables.Filter``; a rule is one kernel.
Nothing is compiled that has not been chosen.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numba import types

from kalkan.byref import by_reference
from kalkan.jit import absent, first_class
from kalkan.tracking import initiation, mixing, single, tables
from kalkan.tracking.tables import Filter

FILTERS = ("converted", "ekf", "imm")
RULES = ("m of n", "logic", "score")
_F8, _I8 = types.float64, types.int64
_VECTOR, _MATRIX, _STACK = _F8[:], _F8[:, :], _F8[:, :, :]


def functions(filter_name: str, rule: str) -> dict[str, Any]:
    """Kernels in the slots of ``tables.Filter`` for a filter of `FILTERS` and a rule of `RULES`; None: not called."""
    of = mixing if filter_name == "imm" else single
    judges = {"logic": initiation.by_logic, "score": initiation.by_score}
    return {
        "foresee": of.foresee, "place": single.place, "absorb": of.absorb, "open": of.open, "judge": judges.get(rule)
    }  # fmt: skip


@functools.cache
def alone(filter_name: str, rule: str) -> Filter:
    """Filter and rule of the tracker by itself, as its kernels take them."""
    from kalkan.tracking.driving import RULE_OF_PICTURE, SENSORS

    air = by_reference(tables.allocate(np.zeros(1, SENSORS), np.zeros(1, RULE_OF_PICTURE), 0.0, 0.0, 1, 1))
    kinds: dict[str, tuple[Any, ...]] = {
        "predict": (types.void, _VECTOR, _MATRIX, _F8, _F8),
        "update": (types.void, _VECTOR, _MATRIX, _VECTOR, _MATRIX, _STACK),
        "foresee": (types.void, air, _I8, _I8, _F8, _I8),
        "place": (types.void, air, _I8, _I8, _F8, _I8),
        "absorb": (_F8, air, _I8, _I8, _I8, _I8),
        "open": (types.void, air, _I8, _I8),
        "judge": (_I8, air, _I8, _I8, types.boolean),
        "settle": (types.void, air, _I8, _I8, _F8),
    }
    chosen = functions(filter_name, rule)
    made = {n: first_class(f, *kinds[n]) if (f := chosen.get(n)) else absent(*kinds[n]) for n in kinds}
    return by_reference(Filter(**made, other_filter=1, other_rule=int(chosen["judge"] is not None)))
