"""Results never mix two worlds: what identifies a run, when a folder is refused, and what is said."""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from kalkan import sources
from kalkan.catalogue import load_catalogue
from kalkan.compile import bridge, compile_scenario, inputs
from kalkan.engine import folder, numbers, points
from kalkan.engine.identity import changed_figures, plan_parts
from kalkan.engine.ledger import OF_RAIDS
from kalkan.engine.points import Point
from kalkan.engine.run import chosen, run_study
from kalkan.engine.store import Store
from kalkan.engine.watch import Watcher
from kalkan.errors import DifferentRunError, ProblemsError, StoreError
from kalkan.results.assemble import Results, load_records
from kalkan.results.declared import PLAIN
from kalkan.results.goals import read_goal
from kalkan.scenario import parse, starter
from kalkan.studies.answers import Answers
from kalkan.studies.propagate import propagate, split
from kalkan.studies.sensitivity import tornado
from kalkan.studies.unknown import ask_unknown
from kalkan.views.studies import asking
from tests.unit import toy_engine
from tests.unit.toy_engine import simulate

PURPOSES = (numbers.FIRST, numbers.FIRST_RARE, numbers.FIRST_PILOT, numbers.FIRST_SCREEN)
SMALL = starter("small").replace("replications = 200", "replications = 6")


def content(path):
    """Digest of every file of a folder, but for the lock."""
    files = sorted(p for p in path.rglob("*") if p.is_file() and p.name != "lock")
    return {str(p.relative_to(path)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def nothing_recorded(plan, seed, branch, first, n, records):
    """A loop that only books every threat as unresolved, so that plans can be real and nothing is compiled."""


def run(out, n=6, text=SMALL, **options):
    return run_study(parse(text), out=out, replications=n, runner=nothing_recorded, **options)


@pytest.fixture
def other_code(monkeypatch):
    """From when it is called on, all code but that of the engine is taken to have changed."""

    def change():
        for module in ("engine.folder", "studies.answers", "studies.unknown"):
            monkeypatch.setattr(f"kalkan.{module}.code_identity", lambda: "changed")

    return change


@pytest.fixture
def another_rule(monkeypatch):
    """From when it is called on, the catalogue's rules resolve one figure otherwise than before."""
    real = inputs.resolve

    def resolved(catalogue, entry, quantity, **options):
        found = real(catalogue, entry, quantity, **options)
        halved = (entry, quantity) == ("91n6e", "detection_range")
        return replace(found, value=0.5 * found.value) if halved else found

    def change():
        monkeypatch.setattr(inputs, "resolve", resolved)

    return change


def test_the_same_scenario_has_the_same_plan_and_every_part_counts():
    compiled = compile_scenario(parse(SMALL), load_catalogue())
    parts = plan_parts(compiled)
    assert parts == plan_parts(compile_scenario(parse(SMALL), load_catalogue()))
    assert set(parts) == {*compiled.plan._fields, "labels", "facts"}
    for field, part in compiled.plan._asdict().items():
        if isinstance(part, np.ndarray) and part.size and not part.dtype.names:
            changed = part.copy()
            changed.flat[-1] += 1
            other = type("C", (), {**vars(compiled), "plan": compiled.plan._replace(**{field: changed})})
            assert {k for k, v in plan_parts(other).items() if v != parts[k]} == {field}


def test_a_field_of_a_plan_counts_with_its_name_and_its_type():
    class Made:
        labels, attrs, campaign = {}, {}, None

        def __init__(self, plan):
            self.plan = plan

    def of(name, dtype):
        return plan_parts(Made(np.zeros(2, [(name, dtype)])))["study"]

    assert of("a_m", "f8") != of("b_m", "f8") and of("a_m", "f8") != of("a_m", "i8")


def test_changed_rules_of_the_catalogue_are_refused_with_the_figure(tmp_path, another_rule, other_code):
    out = run(tmp_path / "out")
    before = content(out)
    another_rule()
    other_code()
    with pytest.raises(DifferentRunError, match=r"91n6e\.detection_range was 390 km, is 195 km\. Choose another --out"):
        run(out, 12)
    assert content(out) == before, "nothing half-written"
    with pytest.raises(DifferentRunError):
        run(out, 6)


def test_other_scenario_code_is_refused_with_what_it_makes_otherwise(tmp_path, monkeypatch, other_code):
    out = run(tmp_path / "out")
    before = content(out)
    real = bridge.compile_flying

    def later(*args):
        raids = real(*args)
        raids.threats["start_s"] += 60.0
        return raids

    monkeypatch.setattr(bridge, "compile_flying", later)
    other_code()
    with pytest.raises(DifferentRunError, match=r'variant "base": of the same scenario .* made other raids than'):
        run(out, 12)
    assert content(out) == before


def test_other_code_that_makes_the_same_plans_may_go_on(tmp_path, other_code):
    out = run(tmp_path / "out")
    other_code()
    run(out, 12)
    assert Store.open(out).read("base")[0].size == 12
    assert Store.open(out).run["code"] == "changed", "it counts as of today"


def test_another_engine_is_refused_without_compiling_anything(tmp_path, monkeypatch):
    out = run(tmp_path / "out")
    before = content(out)
    monkeypatch.setattr(folder, "engine_identity", lambda: "another")
    monkeypatch.setattr("kalkan.compile.compile_scenario", None)
    with pytest.raises(DifferentRunError, match="kalkan's engine changed within version"):
        run(out, 12)
    monkeypatch.setattr(folder, "versions_here", lambda: {"kalkan": "9.9", "numba": "9.9", "python": "9.9"})
    with pytest.raises(DifferentRunError, match=r"engine changed from version \S+, numba \S+, Python \S+\. Choose"):
        run(out, 12)
    assert content(out) == before


def test_a_variant_that_is_not_run_again_must_be_of_the_same_world_too(tmp_path, another_rule, other_code):
    """Else the new variant's difference from it would be one of two worlds."""
    text = SMALL + '\n[variants.two]\nassume.91n6e.scan_period = "20 s"\n'
    out = run(tmp_path / "out", text=text, variants=["base"])
    another_rule()
    other_code()
    with pytest.raises(DifferentRunError, match='variant "base": figures have changed'):
        run(out, text=text, variants=["two"])


def test_a_plan_that_differs_though_nothing_was_known_to_is_refused_before_anything_is_written(tmp_path, another_rule):
    """Such as a damaged table in the cache, or another machine."""
    out = run(tmp_path / "out")
    another_rule()
    with pytest.raises(DifferentRunError, match="figures have changed"):
        run(out, 12)
    assert Store.open(out).read("base")[0].size == 6


def test_figures_that_changed_are_told_in_the_users_words():
    row = {"entry": "x", "quantity": "range", "conditions": {}, "value": 1000.0, "unit": "m", "shown": "1 km"}
    now = [row | {"value": 2000.0, "shown": "2 km"}, row | {"quantity": "height", "value": 3.0, "shown": ""}]
    assert changed_figures([row], now) == ["x.range was 1 km, is 2 km", "x.height is new, 3 m"]
    assert changed_figures([row], []) == ["x.range is no longer used"]
    assert changed_figures([row], [row]) == []


class Told(Watcher):
    """Keeps the warnings."""

    def __init__(self):
        self.said = []

    def warning(self, text):
        self.said.append(text)


def asked(folder, text=SMALL):
    """Replications simulated, replications of answers found to hold by their plans, and what was said."""
    told = Told()
    answers = Answers(seed=1, threads=1, folder=folder, watcher=told, runner=nothing_recorded)
    answers.ask([Point(parse(text) if isinstance(text, str) else text, None, 0, 10)])
    return answers.simulated, answers.compared, told.said


def test_studies_remember_answers_and_make_no_plan_to_find_them(tmp_path, monkeypatch):
    assert asked(tmp_path) == (10, 0, [])
    monkeypatch.setattr("kalkan.compile.compile_scenario", None)
    assert asked(tmp_path) == (0, 0, [])


def test_answers_of_other_code_hold_where_it_makes_the_same_plan(tmp_path, other_code, monkeypatch):
    asked(tmp_path)
    other_code()
    assert asked(tmp_path) == (0, 10, []), "one plan is made, nothing is simulated"
    monkeypatch.setattr("kalkan.compile.compile_scenario", None)
    assert asked(tmp_path) == (0, 0, []), "it counts as of today"


def test_an_answer_from_before_a_rule_of_the_catalogue_changed_is_not_used_and_that_is_said(
    tmp_path, another_rule, other_code
):
    asked(tmp_path)
    another_rule()
    other_code()
    simulated, compared, (said,) = asked(tmp_path)
    assert (simulated, compared) == (10, 0)
    assert said.endswith("is asked anew: figures have changed: 91n6e.detection_range was 390 km, is 195 km")


def test_an_answer_from_before_a_default_of_scenarios_changed_is_not_used_and_that_is_said(tmp_path, other_code):
    """What the user wrote is what it was, and what it leaves to kalkan is not."""
    asked(tmp_path)
    other_code()
    later = parse(SMALL)
    (raid,) = later.raids
    assert "start_s" not in raid.model_fields_set
    object.__setattr__(raid, "start_s", raid.start_s + 60.0)
    simulated, compared, (said,) = asked(tmp_path, later)
    assert (simulated, compared) == (10, 0)
    assert "made other" in said and "raids" in said and "than this version does" in said


@pytest.mark.parametrize(
    ("identity", "said"),
    [("engine", "kalkan's engine changed within version"), ("counting", "counted what is recorded otherwise")],
)
def test_an_answer_of_another_engine_or_count_is_not_used_and_no_plan_is_compared(
    tmp_path, monkeypatch, identity, said
):
    asked(tmp_path)
    for module in ("kalkan.studies.answers", "kalkan.sources"):
        monkeypatch.setattr(f"{module}.{identity}_identity", lambda: "another")
    monkeypatch.setattr("kalkan.studies.answers.code_identity", lambda: "another")
    simulated, compared, (told,) = asked(tmp_path)
    assert (simulated, compared) == (10, 0) and said in told
    assert asked(tmp_path) == (0, 0, [])


def test_what_a_user_changes_is_another_question_and_nothing_is_said(tmp_path):
    asked(tmp_path)
    assert asked(tmp_path, SMALL.replace("count = 16", "count = 12")) == (10, 0, [])
    assert asked(tmp_path) == (0, 0, []), "the first answer is still there"


def test_draws_beside_a_run_are_made_anew_by_other_code(tmp_path, other_code):
    def compiler(variant, catalogue, progress=None, stance=None):
        return toy_engine.compiler(variant, catalogue)

    out = simulate(tmp_path / "out", 6)
    told = Told()
    parts = {"draws": 4, "threads": 1, "compiler": compiler, "runner": toy_engine.runner, "watcher": told}
    for _ in range(2):
        ask_unknown(toy_engine.scenario(), out, ["base", "worse"], 6, **parts)
    key = json.loads((out / "unknown.json").read_text())["key"]
    assert told.said == []
    other_code()
    ask_unknown(toy_engine.scenario(), out, ["base", "worse"], 6, **parts)
    assert json.loads((out / "unknown.json").read_text())["key"] != key
    (said,) = told.said
    assert "made anew" in said


class Asked(Answers):
    """Keeps which replications were asked for, and answers with noughts."""

    def __init__(self):
        super().__init__(seed=1, threads=1)
        self.numbers = set()

    def ask(self, questions):
        for q in questions:
            self.numbers |= set(range(q.first, q.first + q.n))
        random = np.random.default_rng(len(questions))
        return [{key: random.random(q.n) for key in PLAIN} for q in questions]


def of_propagation(answers):
    split(answers, "leakers", 256, [toy_engine.scenario()])


def of_draws(answers):
    propagate(answers, [toy_engine.scenario()], draws=16, inner=16)


def of_screening(answers):
    inquiry = SimpleNamespace(answers=answers, variants=[toy_engine.scenario()])
    asking._longest_bars(inquiry, read_goal("leakers"), 32)


def of_tornado(answers):
    tornado(answers, [toy_engine.scenario()], read_goal("leakers"), 32)


def test_no_replication_number_serves_two_purposes():
    """What a study looks at to make up its mind are no replications that it then tells."""
    asked = []
    for study in (of_propagation, of_screening, of_draws):
        answers = Asked()
        study(answers)
        asked.append(answers.numbers)
    pilot, screening, draws = asked
    assert pilot and screening and draws
    assert not pilot & draws and not screening & draws and not pilot & screening
    plain = Asked()
    of_tornado(plain)
    ranges = [range(first, first + numbers.MOST_REPLICATIONS) for first in PURPOSES]
    assert plain.numbers | draws < set(range(1000)) and ranges[0].start == 0
    assert all(a.stop <= b.start for a, b in itertools.pairwise(ranges))
    assert pilot < set(range(numbers.FIRST_PILOT, numbers.FIRST_PILOT + 1000))
    assert ranges[-1].stop < 2**32, "draws hold 32 bits of the number"
    with pytest.raises(ProblemsError, match="must be a whole number from 1 to 10000000"):
        chosen(toy_engine.scenario(), None, numbers.MOST_REPLICATIONS + 1, 1, 1)
    assert points.BRANCH == 0


def test_more_draws_than_there_are_numbers_are_refused():
    with pytest.raises(ProblemsError, match=r"--draws += 10,000 × 2,000 replications in each are 20,000,000; at most"):
        asking.propagate(toy_engine.scenario(), draws=10_000, inner=2000)


# --- reading ------------------------------------------------------------------------------------------------------


@pytest.fixture
def older(tmp_path):
    """A folder as another version wrote it: without one variable, with one that is unknown here, another engine."""
    out = simulate(tmp_path / "out", 40)
    store = Store.open(out)
    names = [n for n in OF_RAIDS if n != "tracks_merged"]
    again = Store(tmp_path / "older", {**store.run, "engine": "older", "code": "older"})
    again.run["variables"] = {**store.run["variables"], "dense": names}
    again.run["versions"] = {**store.run["versions"], "kalkan": "0.0.7"}
    rows = {name: store.read(name)[1] for name in store.run["variants"]}
    events = {name: [store.read_events(name, r) for r in range(40)] for name in rows}
    for name, arrays in rows.items():
        logs = events[name]
        length = max(log["event_kind"].size for log in logs)
        filled = {k: np.zeros((40, length), v.dtype) for k, v in logs[0].items()}
        for r, log in enumerate(logs):
            for k, v in log.items():
                filled[k][r, : v.size] = v
        block = store.blocks[0]._replace(variant=name, first=0, n=40)
        again.write(block, arrays | filled)
    again.save_scenario(store.scenario_text())
    again.save_run()
    return again.path


def test_show_and_report_open_an_older_folder_and_say_who_made_it(older, monkeypatch):
    from kalkan.views.notebook.results import open_results

    monkeypatch.setattr("kalkan.compile.compile_scenario", None)
    results = open_results(older)
    assert results.measures()["base"]["leakers"].n == 40
    assert any("made by kalkan 0.0.7" in note for note in results.summary()["notes"])
    html = results.report().read_text(encoding="utf-8")
    assert "Made by kalkan 0.0.7 with another engine" in html and "There is no map" in html


@pytest.mark.parametrize("to", ["parquet", "netcdf"])
def test_export_opens_an_older_folder_and_says_who_made_it(older, to, monkeypatch):
    from kalkan.engine.watch import Watcher
    from kalkan.exports import export

    class Told(Watcher):
        said = ""

        def warning(self, text):
            self.said += text

    told = Told()
    monkeypatch.setattr("kalkan.compile.compile_scenario", None)
    (file,) = export(older, to, progress=told)
    assert file.exists() and "made by kalkan 0.0.7" in told.said


def test_an_older_folder_is_as_it_was_written_or_damaged(older):
    results = Results(*load_records(older))
    assert "tracks_merged" not in results.records["base"].arrays
    next((older / "results.zarr/base/spent/c").rglob("0/0/0")).write_bytes(b"x")
    with pytest.raises(StoreError, match="damaged"):
        load_records(older)


def test_nothing_is_added_to_an_older_folder(older):
    before = content(older)
    with pytest.raises(DifferentRunError, match=r"engine changed from version 0\.0\.7"):
        simulate(older, 60)
    assert content(older) == before


def test_a_form_that_is_not_known_names_who_wrote_it(tmp_path):
    (tmp_path / "run.json").write_text('{"format": 7, "versions": {"kalkan": "3.0"}}')
    with pytest.raises(StoreError, match=r"written by kalkan 3\.0 in a form .*\(format 7, not 2\)"):
        Store.open(tmp_path)


def test_the_engine_of_this_process_is_what_it_has_loaded(monkeypatch, tmp_path):
    """An upgrade under a running process must not lend its results the new name."""
    before = sources.engine_identity(), sources.code_identity()
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    assert (sources.engine_identity(), sources.code_identity()) == before
