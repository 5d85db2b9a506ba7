"""Every reason for leaking, brought about through the real engine: the scene's leakers have it and no other."""

import numpy as np
import pytest

from kalkan.schema import LEAKED, NO_REASON, REASONS
from tests.engine import scenes

CASES = [(reason, lines) for reason, those in scenes.REASONS.items() for lines in those]


@pytest.mark.parametrize(("reason", "lines"), CASES, ids=[REASONS[reason][0] for reason, _ in CASES])
def test_a_scene_brings_about_its_reason_and_no_other(reason, lines):
    r = scenes.played(*lines, n=4)
    leaked = r.threat_outcome == LEAKED
    assert leaked.any(axis=1).all(), "one leaks in every replication"
    assert {REASONS[k][0] for k in r.threat_reason[leaked]} == {REASONS[reason][0]}
    assert np.all(r.threat_reason[~leaked] == NO_REASON)


def test_every_reason_has_its_scene():
    missing = {REASONS[k][0] for k in range(len(REASONS)) if k != NO_REASON and k not in scenes.REASONS}
    assert not missing, f"no scene of tests/engine/scenes.py brings about {missing}"
