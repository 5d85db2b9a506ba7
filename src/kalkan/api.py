"""The names of kalkan, each loaded when it is first asked for, so that ``kalkan.check`` never pays for the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kalkan.operations import OPERATIONS, STUDIES

NAMES = tuple(operation.name for operation in OPERATIONS)


def find(name: str) -> Callable[..., Any]:
    """The function of a name.

    Raises
    ------
    AttributeError
        There is none.
    """
    found: Any
    if name == "load":
        found = _load()
    elif name == "export":
        from kalkan.views.notebook import exporting as found
    elif name in ("check", "explain", "listing", "timeline"):
        from kalkan.views.claims import asking as found
    elif name in STUDIES:
        from kalkan.views.studies import asking as found
    elif name == "laydown":
        from kalkan.views.notebook import maps as found
    elif name == "assignment_policy":
        from kalkan import policies as found
    elif name == "coverage":
        from kalkan.views.coverage import asking as found
    elif name in ("compare", "open_results", "record", "run"):
        from kalkan.views.notebook import results as found
    else:
        raise AttributeError(f"kalkan has no function {name!r}")
    function: Callable[..., Any] = getattr(found, name)
    return function


def _load() -> Any:
    """Scenarios, which from now on show themselves in a notebook."""
    from kalkan import scenario
    from kalkan.showing import html
    from kalkan.views.notebook.scenario import scenario_html

    html.register(scenario.Scenario, scenario_html)
    return scenario
