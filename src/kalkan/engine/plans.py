"""The variants of a scenario as plans, each compiled when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from kalkan.catalogue import Catalogue
from kalkan.engine.identity import plan_parts
from kalkan.engine.watch import Watcher
from kalkan.scenario import Scenario

if TYPE_CHECKING:
    from kalkan.compile import Compiled
    from kalkan.compile.shared import Shared

Compiler = Callable[..., Any]


class Plans:
    """Plans by the name of the variant.

    Parameters
    ----------
    scenario : Scenario
    catalogue : Catalogue
    watcher : Watcher
        Told what is being made.
    compiler : callable, optional
        In place of ``kalkan.compile.compile_scenario``.
    shared : Shared, optional
        What plans made before have in common with these.

    Attributes
    ----------
    scenarios : dict of str to Scenario
        The variants, resolved.
    """

    def __init__(
        self, scenario: Scenario, catalogue: Catalogue, watcher: Watcher, compiler: Compiler | None = None,
        shared: Shared | None = None,
    ) -> None:  # fmt: skip
        self.text = scenario.text
        self.scenarios = scenario.variants_resolved()
        self.catalogue, self.watcher = catalogue, watcher
        self._compiler, self._shared = compiler, shared
        self._made: dict[str, Compiled] = {}
        self._parts: dict[str, dict[str, str]] = {}

    def __getitem__(self, name: str) -> Compiled:
        if name not in self._made:
            self._made[name] = self.compile(self.scenarios[name])
        return self._made[name]

    def compile(self, variant: Scenario) -> Compiled:
        """The plan of any variant, which is not kept."""
        from kalkan.compile import compile_scenario
        from kalkan.compile.shared import Shared

        self.watcher.preparing(variant.label)
        self._shared = self._shared or Shared()
        compiler = self._compiler or partial(compile_scenario, shared=self._shared)
        compiled: Compiled = compiler(variant, self.catalogue, progress=self.watcher.note)
        return compiled

    def parts(self, name: str) -> dict[str, str]:
        """What identifies a variant's plan (:func:`kalkan.engine.identity.plan_parts`)."""
        if name not in self._parts:
            self._parts[name] = plan_parts(self[name])
        return self._parts[name]
