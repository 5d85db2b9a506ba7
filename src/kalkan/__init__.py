"""kalkan: the open, fast, honest simulator of ground-based air defence.

A handful of names; each is loaded when it is first used, so that ``kalkan.check`` never pays for
the compiled engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kalkan.api import NAMES, find

if TYPE_CHECKING:
    from kalkan import wta as wta
    from kalkan.policies import assignment_policy as assignment_policy
    from kalkan.scenario import load as load
    from kalkan.views.claims.asking import check as check
    from kalkan.views.claims.asking import explain as explain
    from kalkan.views.claims.asking import listing as listing
    from kalkan.views.claims.asking import timeline as timeline
    from kalkan.views.coverage.asking import coverage as coverage
    from kalkan.views.notebook.exporting import export as export
    from kalkan.views.notebook.maps import laydown as laydown
    from kalkan.views.notebook.results import compare as compare
    from kalkan.views.notebook.results import open_results as open_results
    from kalkan.views.notebook.results import record as record
    from kalkan.views.notebook.results import run as run
    from kalkan.views.studies.asking import break_even as break_even
    from kalkan.views.studies.asking import exposure as exposure
    from kalkan.views.studies.asking import payback as payback
    from kalkan.views.studies.asking import propagate as propagate
    from kalkan.views.studies.asking import rare as rare
    from kalkan.views.studies.asking import saturation as saturation
    from kalkan.views.studies.asking import sensitivity as sensitivity
    from kalkan.views.studies.asking import sweep as sweep

    __version__: str

__all__ = ["__version__", *sorted(NAMES)]


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        found: Any = version("kalkan")
    elif name in NAMES:
        found = find(name)
    elif name == "wta":  # a module: not an operation on scenarios
        import kalkan.wta as found
    else:
        raise AttributeError(f"module 'kalkan' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
