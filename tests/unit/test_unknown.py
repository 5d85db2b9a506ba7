"""The quick propagation of a run: which draws it makes, what they cost, going on after a stop, and what is told."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kalkan
from kalkan.engine.store import UNKNOWN
from kalkan.engine.watch import Interrupted, Watcher
from kalkan.errors import ProblemsError
from kalkan.results.drawn import LEAST_DRAWS, read_unknown
from kalkan.scenario import parse
from kalkan.studies.unknown import LEAST_REPLICATIONS, SHARE_OF_TIME, ask_unknown
from kalkan.studies.until import run_or_until
from kalkan.views.report.material import Material
from kalkan.views.report.sections.answer import answer
from kalkan.views.run.tables import as_text
from kalkan.views.studies.propagation import outside
from tests.unit import toy_engine


def _compiler(variant: Any, catalogue: object, progress: Any = None, stance: Any = None) -> Any:
    """The chance of leaking moves with one of the draw's numbers."""
    compiled = toy_engine.compiler(variant, catalogue)
    if stance is not None:
        compiled.plan += 0.3 * next(iter(stance.uniforms.values()))[0]
    return compiled


REPLICATION_S, PLAN_S = 0.003, 0.002


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The runner of a world in which replications and the plans of draws alone take processor time, so much each."""
    spent, plain = [0.0], _compiler

    def compiler(*args: Any, stance: Any = None, **others: Any) -> Any:
        spent[0] += PLAN_S * (stance is not None)
        return plain(*args, stance=stance, **others)

    def runner(*args: Any) -> None:
        toy_engine.runner(*args)
        spent[0] += REPLICATION_S * args[4]

    monkeypatch.setattr(time, "process_time", lambda: spent[0])
    monkeypatch.setattr(f"{__name__}._compiler", compiler)
    return runner


def _run(folder: Path, n: int = 60, *, runner: Any = toy_engine.runner, threads: int = 1, **options: Any) -> Path:
    scenario = toy_engine.scenario(n)
    run_or_until(
        scenario, None, replications=n, variants=None, out=folder, compiler=_compiler, runner=runner,
        threads=threads, **options,
    )  # fmt: skip
    return folder


def test_draws_depend_on_the_seed_alone(tmp_path: Path) -> None:
    six, again, four = (
        read_unknown(_run(tmp_path / name, unknown=k, threads=t))
        for name, k, t in (("a", 6, 1), ("b", 6, 2), ("c", 4, 1))
    )
    assert (six.draws, again.draws, four.draws) == (6, 6, 4)
    for variant, measures in six.outcomes.items():
        for key, values in measures.items():
            assert np.array_equal(values, again.outcomes[variant][key])
            assert np.array_equal(values[:4], four.outcomes[variant][key]), "the first draws of the same design"
    assert len({tuple(x) for x in six.outcomes["base"]["leakers"].tolist()}) > 1


def test_it_takes_half_of_the_time_at_most_and_says_how_many_draws_it_made(tmp_path: Path, counted: Any) -> None:
    began = time.process_time()
    _run(tmp_path / "plain", 120, runner=counted, unknown=False)
    allowed = SHARE_OF_TIME * (time.process_time() - began)
    assert allowed == pytest.approx(SHARE_OF_TIME * 2 * 120 * REPLICATION_S)
    began = time.process_time()
    folder = _run(tmp_path / "out", 120, runner=counted)
    told = json.loads((folder / UNKNOWN).read_text())
    assert 0.8 * allowed < told["cpu_s"] <= allowed
    spent = time.process_time() - began
    assert spent == pytest.approx(allowed / SHARE_OF_TIME + told["cpu_s"]), "it says all that it took"
    found = kalkan.open_results(folder)
    assert found.unknown.draws >= LEAST_DRAWS
    content = found.summary()
    assert content["unknown"]["asked"] and content["unknown"]["draws"] == found.unknown.draws
    assert f"{found.unknown.draws} draws of the claims" in as_text(content)
    before = (folder / UNKNOWN).read_bytes()
    _run(folder, 120, runner=counted)
    assert (folder / UNKNOWN).read_bytes() == before, "the same run again draws nothing"


class _Stopped(Watcher):
    """Ctrl-C before the second batch of draws."""

    notes = 0

    def note(self, text: str) -> None:
        self.notes += text.startswith("what is not known")
        if self.notes == 2:
            raise KeyboardInterrupt


def test_a_stopped_run_keeps_its_draws_and_goes_on(tmp_path: Path) -> None:
    with pytest.raises(Interrupted) as stopped:
        _run(tmp_path / "a", unknown=10, progress=_Stopped())
    assert stopped.value.kept == stopped.value.total == 120
    kept = read_unknown(tmp_path / "a")
    assert 0 < kept.draws < 10
    assert kalkan.open_results(tmp_path / "a").summary()["complete"]
    whole, other = (read_unknown(_run(tmp_path / d, unknown=10)) for d in "ab")
    assert whole.draws == 10
    for variant, measures in whole.outcomes.items():
        for key, values in measures.items():
            assert np.array_equal(values, other.outcomes[variant][key])


def test_another_seed_draws_other_claims(tmp_path: Path) -> None:
    one, two = (read_unknown(_run(tmp_path / str(s), unknown=4, seed=s)) for s in (1, 2))
    assert not np.array_equal(one.outcomes["base"]["leakers"], two.outcomes["base"]["leakers"])


def test_not_asked_is_said_on_the_screen_and_in_a_box_on_the_first_page(tmp_path: Path) -> None:
    for name, n, unknown, why in (
        ("left out", 60, False, "this run drew no claims"),
        ("short", LEAST_REPLICATIONS - 1, True, f"fewer than {LEAST_REPLICATIONS} replications"),
    ):
        found = kalkan.open_results(_run(tmp_path / name, n, unknown=unknown))
        content = found.summary()
        assert not content["unknown"]["asked"] and why in content["unknown"]["why"]
        assert "what is not known was not asked" in as_text(content)
        (box,) = [b for b in answer(Material(found)).blocks if getattr(b, "name", "") == "box"]
        assert "What is not known was not asked" in box.texts[0] and why in box.texts[0]


def test_what_is_not_known_is_on_the_first_page(tmp_path: Path) -> None:
    found = kalkan.open_results(_run(tmp_path / "out", unknown=8))
    blocks = answer(Material(found)).blocks
    (table,) = [b for b in blocks if getattr(b, "name", "") == "drawn"]
    leakers = table.rows[0]
    told = list(found.summary()["unknown"]["variants"].values())
    assert [c.data["mean"] for c in leakers[1:3]] == [v["leakers"]["mean"] for v in told]
    assert "all 8 draws of the claims lie, chance taken out: too few for quantiles" in table.caption
    findings, box = blocks[:2]  # the answer, and directly below what is not known
    assert findings.name == "findings" and box.name == "box"
    assert "With the disputed claims drawn as well" in box.texts[0]
    kept = next(r for r in table.rows if r[0].data["key"] == "p_no_leaker")
    for cell in kept[1:3]:
        assert 0.0 <= cell.data["low"] <= cell.data["high"] <= 1.0


def test_stances_side_by_side_are_not_drawn(tmp_path: Path) -> None:
    scenario = toy_engine.scenario(60).with_stances(["low", "high"])
    run_or_until(
        scenario, None, replications=60, variants=None, out=tmp_path, compiler=_compiler, runner=toy_engine.runner,
        threads=1,
    )  # fmt: skip
    assert "several stances" in read_unknown(tmp_path).why


def test_a_wrong_number_of_draws_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError, match="whole number from 0 to 64"):
        _run(tmp_path, unknown=65)
    assert not list(tmp_path.iterdir())


def test_damaged_draws_are_made_again(tmp_path: Path) -> None:
    folder = _run(tmp_path, unknown=4)
    good = read_unknown(folder)
    (folder / UNKNOWN).write_text("{")
    assert read_unknown(folder).draws == 0
    ask_unknown(
        toy_engine.scenario(60), folder, ["base", "worse"], 60, draws=4, threads=1, compiler=_compiler,
        runner=toy_engine.runner,
    )  # fmt: skip
    assert np.array_equal(read_unknown(folder).outcomes["base"]["hits"], good.outcomes["base"]["hits"])


def test_without_a_wish_the_first_and_the_last_variant_are_drawn(tmp_path: Path, counted: Any) -> None:
    """Their difference is the headline; of a number that is asked for, every variant is drawn."""
    base = toy_engine.scenario(120)
    scenario = parse(base.text + "\n[variants.between]\nlabel = \"between\"\nassume.91n6e.scan_period = \"15 s\"\n")
    names = list(scenario.variants_resolved())
    assert len(names) == 3
    for folder, unknown, drawn in ((tmp_path / "a", True, [names[0], names[-1]]), (tmp_path / "b", 4, names)):
        run_or_until(
            scenario, None, replications=120, variants=None, out=folder, compiler=_compiler, runner=counted, threads=1,
            unknown=unknown,
        )  # fmt: skip
        found = kalkan.open_results(folder)
        assert list(found.unknown.outcomes) == drawn
        assert list(found.summary()["unknown"]["variants"]) == [found.label(n) for n in drawn]


def test_of_few_draws_the_ends_are_told_and_no_quantiles(tmp_path: Path) -> None:
    """'In all 8 draws from a to b': both ends within what was found; of 20 and more, 9 in 10."""
    few, many = (kalkan.open_results(_run(tmp_path / str(k), unknown=k)) for k in (8, 24))
    for found, share in ((few, 1.0), (many, 0.9)):
        content = found.summary()["unknown"]
        assert content["share"] == share
        for name, record in zip(found.variants, content["variants"].values(), strict=True):
            means = found.unknown.outcomes[name]["leakers"].mean(axis=1)
            assert means.min() - 1e-9 <= record["leakers"]["low"] <= record["leakers"]["high"] <= means.max() + 1e-9
    text = as_text(few.summary())
    assert "all 8 draws of the claims" in text and "too few for quantiles" in text and "in 10 of 8" not in text
    assert "9 in 10 of 24 draws of the claims" in as_text(many.summary())


def test_what_a_run_outside_its_draws_goes_with_is_named_where_it_is_known() -> None:
    """Only a driver that is clear of luck and first in nearly all resamples; else that none is."""
    span = {"low": 10.0, "high": 28.0}
    row = {"key": "leakers", "values": [{"mean": 8.8}]}
    clear = {"quantities": ["S-400 · load"], "share": 0.6, "p": 0.001, "first": 0.97}

    def told(drivers: list[dict[str, Any]], share: float = 0.9) -> str:
        variants = {"one": {"leakers": span}}
        unknown = {"asked": True, "draws": 32, "share": share, "variants": variants, "drivers": drivers}
        (sentence,) = outside({"columns": ["one"], "tables": [{"rows": [row]}], "unknown": unknown})
        return sentence

    assert "“one” below" in told([clear]) and told([clear]).endswith("driven most by S-400 · load (60 %)")
    assert "no single claim stands out of 32 draws" in told([{**clear, "first": 0.5}])
    assert "driven" not in told([]) and "outside all 32 draws of the claims" in told([], 1.0)
