"""What a run's tables and sentences say of raids of different size, undecided threats, zeros and pairing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import kalkan
from kalkan.kernels.records import columns
from kalkan.schema import KILLED, LEAKED, MISSED, NO_CHANNEL, REASONS, UNRESOLVED
from kalkan.views.report.sentences import findings
from kalkan.views.run.tables import as_text
from tests.unit import toy_engine


def _compiler(variant: Any, _catalogue: object, progress: Any = None) -> Any:
    """Twelve threats in the plain file, twice as many in the variant."""
    threats = 24 if variant.base == "worse" else 12
    labels = {**toy_engine.LABELS, "threat": [f"cruise/{i}" for i in range(threats)]}
    attrs = {**toy_engine.ATTRS, "threat_raid": ["cruise"] * threats, "threat_class": ["cruise-missile"] * threats,
             "threat_unit_cost_usd": [1e6] * threats}  # fmt: skip
    sizes = {name: len(values) for name, values in labels.items()} | {"event": 20}
    return SimpleNamespace(plan=threats, labels=labels, sizes=sizes, attrs=attrs, campaign=None,
                           runs=threats, plans=[threats])  # fmt: skip


def _runner(threats: int, seed: int, branch: int, first: int, n: int, records: Any) -> None:
    """None of 12 leaks; of 24 some do, and some are still flying at the end."""
    to = columns(records)
    for row in range(n):
        u = np.random.default_rng([seed, first + row]).random(24)[:threats]
        late = np.where(u < 0.6, KILLED, np.where(u < 0.8, LEAKED, UNRESOLVED))
        to["threat_outcome"][row] = KILLED if threats == 12 else late
        to["threat_reason"][row] = np.where(to["threat_outcome"][row] == LEAKED, MISSED, 0)
        to["threat_first_plot_range_m"][row] = 1e5
        to["spent"][row] = 1
        to["event_count"][row] = 0


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("told") / "out"
    toy_engine.simulate(folder, 40, compiler=_compiler, runner=_runner, threads=1)
    return kalkan.open_results(folder).summary()


def test_every_variant_has_its_own_raid(content: dict[str, Any]) -> None:
    row = content["tables"][0]["rows"][0]
    assert row["name"] == "leakers" and [v["of"] for v in row["values"]] == [12, 24]
    first = findings(content)[0]
    assert "**0**" not in first and " of 12 air vehicles get through" in first and "** of 24 (" in first
    screen = as_text(content, 140)
    assert " of 12 " in screen and " of 24 " in screen


def test_reasons_are_explained_where_all_is_shown(content: dict[str, Any]) -> None:
    lines = as_text(content, 140).splitlines()
    assert f"missed: {REASONS[MISSED].sentence}" in lines
    assert REASONS[NO_CHANNEL].sentence not in "".join(lines), "only those in the table"
    for screen in ("brief", "ranges"):
        assert REASONS[MISSED].sentence not in as_text(content, 140, screen), "the answer has one screen"


def test_undecided_threats_are_no_success(content: dict[str, Any]) -> None:
    rows = {r["key"]: r for r in content["tables"][0]["rows"]}
    assert rows["unresolved"]["values"][1]["mean"] > 2.0
    none = rows["p_no_leaker"]["values"]
    assert none[0]["mean"] == 1.0 and none[1]["mean"] == 0.0
    told = next(s for s in findings(content) if s.startswith("Still flying"))
    assert "neither stopped nor through" in told and "“worse radar”" in told and "“base”" not in told


def test_a_count_that_is_0_in_all_runs_has_its_interval(content: dict[str, Any]) -> None:
    leakers = content["tables"][0]["rows"][0]["values"][0]
    assert leakers["mean"] == leakers["low"] == 0.0 and leakers["high"] == pytest.approx(3.0 / 40, rel=0.07)
    assert leakers["scarce"] and "0 (< 0.08)* of 12" in as_text(content, 140)
    assert any(note.startswith("* fewer than 20 replications, or fewer than 5") for note in content["notes"])


def test_what_pairing_gains_is_printed(tmp_path: Path) -> None:
    toy_engine.simulate(tmp_path / "out", 60, threads=1)
    content = kalkan.open_results(tmp_path / "out").summary()
    d = content["tables"][0]["rows"][0]["differences"][0]
    assert d["correlation"] > 0.3 and d["variance_ratio"] > 1.3
    note = next(n for n in content["notes"] if n.startswith("pairing, leakers of worse radar − base: "))
    assert f"correlation {d['correlation']:.2f}" in note and f"{d['variance_ratio']:.1f} times as many" in note
