"""What the card of a threat that leaked says, as a replay shows it."""

from __future__ import annotations

import numpy as np
import pytest

import kalkan
from kalkan.schema import EV_ORDER, EV_RECALLED
from kalkan.views.run.leaking import why
from tests.engine import scenes
from tests.engine.test_recalling import CLIMBS, GAIN


@pytest.mark.parametrize("lines", [CLIMBS, (*CLIMBS, GAIN)])
def test_a_card_tells_of_orders_that_were_taken_back(lines, tmp_path):
    """As often as the event log has it; nothing of it where orders stand."""
    file = tmp_path / "climbs.toml"
    file.write_text("\n".join((scenes.BASE, "[variants.scene]", *lines)))
    run = kalkan.run(file, replications=1, out=tmp_path / "out", unknown=False)
    recording = kalkan.record(run.path, variant="scene")
    ordered, back = (np.count_nonzero(recording.records["event_kind"] == k) for k in (EV_ORDER, EV_RECALLED))
    (said,) = (s for s in why(recording, recording.threats[0]) if "ordered" in s)
    assert (back > 0) == (GAIN in lines) and ordered > 0
    times = {1: "once", 2: "twice"}
    taken = f"; the order was taken back {times.get(back, f'{back} times')}" if back else ""
    assert said.startswith(f"It was ordered to be engaged {times.get(ordered, f'{ordered} times')}")
    assert said.endswith(f"{taken}.") and ("taken back" in said) == (back > 0)
