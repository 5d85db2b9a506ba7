"""The air picture: plots in, tracks and what becomes of them out.

:func:`track` makes tracks of any table of plots (docs/tracking.md). In the simulation ``sector.track_sector`` is the
way in, ``tables.AirPicture`` what it works on, ``tables.CHANGES`` what it tells. Nothing here knows what else a
simulation plans, changes or writes down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kalkan.tracking.asking import track as track
    from kalkan.tracking.belonging import Tracks as Tracks
    from kalkan.tracking.belonging import Truth as Truth
    from kalkan.tracking.configuring import Config as Config
    from kalkan.tracking.configuring import MotionModel as MotionModel
    from kalkan.tracking.metrics import gospa as gospa
    from kalkan.tracking.metrics import ospa as ospa
    from kalkan.tracking.metrics import siap as siap
    from kalkan.tracking.sensors import Sensor as Sensor

__all__ = ["Config", "MotionModel", "Sensor", "Tracks", "Truth", "gospa", "ospa", "siap", "track"]


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562), so that the engine pays nothing for it."""
    found: Any
    if name == "track":
        from kalkan.tracking import asking as found
    elif name in ("Config", "MotionModel"):
        from kalkan.tracking import configuring as found
    elif name == "Sensor":
        from kalkan.tracking import sensors as found
    elif name in ("Tracks", "Truth"):
        from kalkan.tracking import belonging as found
    elif name in ("gospa", "ospa", "siap"):
        from kalkan.tracking import metrics as found
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(found, name)
    return globals()[name]
