"""Arguments of the physics library as arrays; what is out of range is refused by name, unit and range."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def numbers(
    name: str, value: ArrayLike, unit: str, least: float = -math.inf, most: float = math.inf, *, above: bool = False,
    below: bool = False,
) -> Floats:  # fmt: skip
    """An argument of any shape as float64.

    Parameters
    ----------
    name : str
        As the caller wrote it.
    value : array_like
    unit : str
        ``"1"`` for ratios and counts.
    least, most : float
        Range, ends included.
    above, below : bool
        Whether the least, and the most, are themselves excluded.

    Raises
    ------
    ValueError
        It is not made of finite numbers of that range; the first that is not is told.
    """
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers{_in(unit)}; got {value!r}") from None
    low = found > least if above else found >= least
    high = found < most if below else found <= most
    sound = np.isfinite(found) & low & high
    if not sound.all():
        place = tuple(int(i) for i in np.argwhere(~sound)[0])
        where = f"{name}[{', '.join(map(str, place))}]" if place else name
        wanted = _range(unit, least, most, above, below)
        raise ValueError(f"{where} = {found[place]:g}{_unit(unit)} must be {wanted}")
    return found


def number(name: str, value: float, unit: str, least: float = -math.inf, most: float = math.inf, **ends: bool) -> float:
    """One number; see :func:`numbers`."""
    found = numbers(name, value, unit, least, most, **ends)
    if found.ndim:
        raise ValueError(f"{name} must be one number{_in(unit)}; got an array of shape {found.shape}")
    return float(found)


def whole(name: str, value: int, least: int, most: float = math.inf) -> int:
    """A whole number of a range."""
    found = number(name, value, "1", least, most)
    if found != int(found):
        raise ValueError(f"{name} = {found:g} must be a whole number, {_range('1', least, most, False, False)}")
    return int(found)


def together(**arguments: ArrayLike) -> tuple[Floats, ...]:
    """Arrays of one shape.

    Raises
    ------
    ValueError
        Their shapes do not broadcast.
    """
    try:
        return tuple(np.broadcast_arrays(*arguments.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in arguments.items())
        raise ValueError(f"the shapes of {shapes} do not broadcast") from None


def elementwise(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """A compiled function of numbers as one of arrays that broadcast; about a microsecond per element."""
    return np.vectorize(compiled, otypes=[np.float64])


def plain(found: Floats) -> Any:
    """An array, or a number where everything that was given was one."""
    return np.asarray(found)[()]


def _range(unit: str, least: float, most: float, above: bool, below: bool) -> str:
    u = _unit(unit)
    low = f"above {least:g}{u}" if above else f"at least {least:g}{u}"
    high = f"below {most:g}{u}" if below else f"at most {most:g}{u}"
    ends = [text for text, end in ((low, least), (high, most)) if math.isfinite(end)]
    return " and ".join(ends) or "finite"


def _unit(unit: str) -> str:
    return "" if unit == "1" else f" {unit}"


def _in(unit: str) -> str:
    return "" if unit == "1" else f" [{unit}]"
