"""From a results folder to a replay document, in one call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kalkan.compile.campaign import wave_scenario, waves_of
from kalkan.compile.ground import terrain_of
from kalkan.engine.again import variant_again
from kalkan.engine.replay import chosen_variant, record
from kalkan.engine.store import Store
from kalkan.engine.watch import Watcher
from kalkan.scenario import Scenario
from kalkan.views.coverage.picture import live_offer, packed_offer
from kalkan.views.replay.document import replay_document


def tell(
    folder: Path, variant: str | None, replication: int, wave: str | None = None, progress: Watcher | None = None
) -> dict[str, Any]:
    """Record one replication, or one wave of it, and tell it to a page that asks a server for pictures of the coverage.

    Raises
    ------
    ProblemsError, StoreError
        See :func:`kalkan.engine.replay.record`.
    """
    recording = record(folder, variant=variant, replication=replication, wave=wave, progress=progress)
    scenario = scenario_of(folder, recording.variant, recording.wave)
    document = replay_document(recording, terrain_of(scenario))
    flown = (*document["threats"], *document["sources"])
    ids = {*(t["type"] for t in flown), *document["interceptors"]}
    document["names"] = {i: scenario.catalogue.entry(i).name for i in sorted(ids)}
    document["coverage"] = live_offer(scenario)
    return document


def packed(document: dict[str, Any], folder: Path, progress: Watcher | None = None) -> dict[str, Any]:
    """A document of :func:`tell` with pictures of the coverage inside, for a page that has no server.

    Raises
    ------
    ProblemsError, StoreError
        The scenario is no longer what was run.
    """
    if not any(site["role"] == "post" for site in document["sites"]):
        return document  # of no defence there is no coverage to show
    offer = packed_offer(scenario_of(folder, document["variant"], document["wave"]), (progress or Watcher()).note)
    return {**document, "coverage": offer}


def scenario_of(folder: Path, variant: str, wave: str = "") -> Scenario:
    """A variant of a results folder as it was run; of a campaign, its wave of that name, or the first.

    Raises
    ------
    ProblemsError
        There is no such variant or wave.
    """
    store = Store.open(folder)
    scenario = variant_again(store, chosen_variant(store, variant, None, wave or None))
    if not scenario.is_campaign:
        return scenario
    names = [w.name for w in waves_of(scenario)]
    return wave_scenario(scenario, names.index(wave) if wave else 0)


def compact(document: dict[str, Any]) -> str:
    """JSON without blanks."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
