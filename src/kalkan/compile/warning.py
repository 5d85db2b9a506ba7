"""Early warning of a scenario → who is told of which launches, how surely and how well."""

from __future__ import annotations

import numpy as np

from kalkan.arrays import Struct
from kalkan.compile.inputs import Inputs
from kalkan.kernels.warning import Warning, off
from kalkan.scenario import Scenario
from kalkan.schema import BALLISTIC_MISSILE

LAUNCHES = "launch-warning"  # entry of the catalogue


def compile_warning(scenario: Scenario, threats: Struct, kinds: Struct, inputs: Inputs) -> Warning:
    """What posts are told of launches; nothing where nobody warns or no ballistic missile flies."""
    written, falls = scenario.early_warning, kinds["target_class"][threats["kind"]] == BALLISTIC_MISSILE
    launched = np.flatnonzero(falls & (threats["parent"] < 0))
    if written is None or not launched.size:
        return off()

    def given(value: float | None, quantity: str) -> float:
        return inputs.given(value, LAUNCHES, quantity, "early_warning")

    return Warning(
        1, given(written.detection_probability, "launch_detection"), given(written.delay_s, "warning_delay"),
        given(written.launch_error_m, "launch_point_error"), given(written.impact_error_m, "impact_point_error"),
        launched,
    )  # fmt: skip
