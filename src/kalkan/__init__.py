"""kalkan: the open, fast, honest simulator of ground-based air defence.

A handful of names; each is loaded when it is first used, so that ``kalkan.check`` never pays for
the compiled engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_HOME = {
    "load": "kalkan.scenario",
    "export": "kalkan.exports",
    "check": "kalkan.views.facade",
    "explain": "kalkan.views.facade",
    "timeline": "kalkan.views.facade",
    **dict.fromkeys(("break_even", "propagate", "rare", "sensitivity", "sweep"), "kalkan.views.asking"),
    "laydown": "kalkan.views.maps",
    "coverage": "kalkan.views.coverage",
    "run": "kalkan.views.notebook",
    "compare": "kalkan.views.notebook",
    "record": "kalkan.views.notebook",
    "open_results": "kalkan.views.notebook",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        found: Any = version("kalkan")
    elif name in _HOME:
        found = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'kalkan' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
