"""From a results folder to a replay document, in one call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kalkan.engine.again import variant_again
from kalkan.engine.replay import record
from kalkan.engine.store import Store
from kalkan.engine.watch import Watcher
from kalkan.views.replay import replay_document
from kalkan.views.scene import terrain_of
from kalkan.views.sight import sight_of_scenario

HEIGHTS_M = (50.0, 300.0, 3000.0)


def tell(
    folder: Path, variant: str | None, replication: int, progress: Watcher | None = None
) -> dict[str, Any]:
    """Record one replication and tell it, with what the radars see at three heights.

    Raises
    ------
    ProblemsError, StoreError
        See :func:`kalkan.engine.replay.record`.
    """
    recording = record(folder, variant=variant, replication=replication, progress=progress)
    scenario = variant_again(Store.open(folder), recording.variant)
    document = replay_document(recording, terrain_of(scenario))
    document["sight"] = [sight_of_scenario(scenario, h) for h in HEIGHTS_M]
    return document


def compact(document: dict[str, Any]) -> str:
    """JSON without blanks."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
