"""kalkan: the open, fast, honest simulator of ground-based air defence.

A handful of names; each is loaded when it is first used, so that ``kalkan.check`` never pays for
the compiled engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kalkan.api import NAMES, find

if TYPE_CHECKING:
    from kalkan.exports import export
    from kalkan.scenario import load
    from kalkan.views.asking import break_even, propagate, rare, sensitivity, sweep
    from kalkan.views.coverage import coverage
    from kalkan.views.facade import check, explain, timeline
    from kalkan.views.maps import laydown
    from kalkan.views.notebook import compare, open_results, record, run

    __version__: str

__all__ = [
    "__version__",
    "break_even",
    "check",
    "compare",
    "coverage",
    "explain",
    "export",
    "laydown",
    "load",
    "open_results",
    "propagate",
    "rare",
    "record",
    "run",
    "sensitivity",
    "sweep",
    "timeline",
]

def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        found: Any = version("kalkan")
    elif name in NAMES:
        found = find(name)
    else:
        raise AttributeError(f"module 'kalkan' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
