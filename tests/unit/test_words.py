"""Words that live in one place: codes, variables and measures are declared once, and every reader finds them there."""

import re
from pathlib import Path

import numpy as np
import pytest
from test_measures import by_hand  # noqa: F401
from toy_engine import simulate

import kalkan
from kalkan import schema
from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.kernels.records import allocate, columns
from kalkan.results.assemble import Results, load_records
from kalkan.results.declared import MEASURES, PLAIN, SUPPLY
from kalkan.results.measures import quantities
from kalkan.results.quantity import RATIO, Finished
from kalkan.scenario import parse, starter
from kalkan.schema import (
    CONTROLS,
    EVENTS,
    EVIDENCE,
    HOSTILE,
    IFF_REPLIES,
    MISLED,
    MISLED_BY_EVIDENCE,
    OBSTACLES,
    OUTCOMES,
    REASONS,
    SIDES,
    STATUS,
    TARGETS,
    VARIABLES,
    ZONES,
)
from kalkan.views import reference
from kalkan.views.replay.document import words

HOME = Path(kalkan.__file__).parent
WEB = Path(__file__).parents[2] / "web" / "src"
LISTS = {
    "outcomes": OUTCOMES, "reasons": REASONS, "status": STATUS, "events": EVENTS, "evidence": EVIDENCE,
    "misled": MISLED[:MISLED_BY_EVIDENCE],
}  # fmt: skip
GIVEN = {  # what a scenario says, not what the loop finds
    "SIDES": SIDES, "TARGETS": TARGETS, "IFF_REPLIES": IFF_REPLIES, "CONTROLS": CONTROLS, "ZONES": ZONES,
    "DISTRIBUTIONS": schema.DISTRIBUTIONS,
}  # fmt: skip
WRITTEN = {p.relative_to(WEB): p.read_text(encoding="utf-8") for p in WEB.rglob("*.ts*")}


# ---------------------------------------------------------------------------------------------------------- codes


@pytest.mark.parametrize("codes", (LISTS | GIVEN).values(), ids=LISTS | GIVEN)
def test_a_code_has_a_word_of_its_own_and_a_sentence(codes):
    assert len({c.word for c in codes}) == len(codes)
    assert all(c.sentence and not c.sentence.endswith(".") for c in codes)


def test_codes_that_kernels_read_are_plain_integers():
    """Compiled code takes them as constants; an enumeration would be another type in every signature."""
    declared = re.findall(r"^([A-Z_]+) = ([A-Z_]+)\.add\(", (HOME / "schema.py").read_text(encoding="utf-8"), re.M)
    assert len(declared) == sum(map(len, (LISTS | GIVEN).values()))
    places = {name: 0 for _, name in declared}
    for constant, name in declared:
        assert type(getattr(schema, constant)) is int and getattr(schema, constant) == places[name]
        places[name] += 1


def test_every_code_is_set_by_the_engine():
    """Or is what an array holds before anything is set: 0."""
    files = (p for folder in ("kernels", "tracking") for p in (HOME / folder).rglob("*.py"))
    kernels = "\n".join(p.read_text(encoding="utf-8") for p in files)
    kernels = re.sub(r"^from kalkan\.schema import (\([^)]*\)|[^\n]*)", "", kernels, flags=re.M)
    declared = re.findall(r"^([A-Z_]+) = ([A-Z_]+)\.add\(", (HOME / "schema.py").read_text(encoding="utf-8"), re.M)
    found = [c for c, name in declared if name not in GIVEN]
    unset = {c for c in found if not re.search(rf"\b{c}\b", kernels) and getattr(schema, c) != 0}
    assert unset == set()


def test_obstacles_are_told_by_severity():
    assert len(OBSTACLES) == sum(r.severity > 0 for r in REASONS)
    severities = [REASONS[code].severity for code in OBSTACLES]
    assert severities == sorted(set(severities), reverse=True), "no two of one severity: a tie would be open"


def test_the_browser_gets_its_words_from_the_document():
    told = words()
    assert told["reasons"] == {r.word: r.sentence for r in REASONS}
    assert [e["word"] for e in told["events"]] == [e.word for e in EVENTS]


def test_the_browser_knows_how_to_fill_every_name_in_the_words_of_an_event():
    story = WRITTEN[Path("replay/story.ts")]
    known = set(re.findall(r"^  (\w+): \(", story, re.M))
    asked = {name for event in EVENTS for name in re.findall(r"{(\w+)}", event.told)}
    assert asked and asked <= known
    tones = set(re.findall(r'"(\w+)"', re.search(r"type Tone = (.*);", WRITTEN[Path("replay/document.ts")])[1]))
    assert {e.tone for e in EVENTS} <= tones


IN_FLIGHT = {"in flight"}  # an interceptor that had not arrived at the end: no event, so no code
COMPARED = re.compile(r"""\b(outcome|reason|kind)(?: (?:===?|!==?) |s?\[)"([a-z ]+)\"""")
MARKED = re.compile(r"""\[((?:"[a-z ]+"(?:, )?)+)\](?: as const;|\.includes\(\w+\.kind\))""")


def test_words_that_a_reader_looks_for_are_declared():
    """A reader may mark kills, say; it has no list of its own, and a word that is renamed in the schema fails here."""
    readers = [p for folder in ("engine", "views", "exports") for p in (HOME / folder).rglob("*.py")]
    sources = {str(p.relative_to(HOME)): p.read_text(encoding="utf-8") for p in readers}
    sources |= {str(p): text for p, text in WRITTEN.items() if p.parts[0] == "replay"}
    known = {"outcome": {c.word for c in (*OUTCOMES, *EVENTS)} | IN_FLIGHT, "reason": {c.word for c in REASONS}}
    found = [(p, *pair) for p, text in sources.items() for pair in COMPARED.findall(text) if pair[0] in known]
    assert len(found) > 8
    assert [(p, word) for p, name, word in found if word not in known[name]] == []
    events = [w for text in WRITTEN.values() for found in MARKED.findall(text) for w in re.findall(r'"([^"]+)"', found)]
    events += [w for text in WRITTEN.values() for w in re.findall(r'\be\.kind === "([^"]+)"', text)]
    assert len(events) > 5 and set(events) <= {e.word for e in EVENTS}


# -------------------------------------------------------------------------------------------------------- variables


class Noted(dict):
    """A mapping that notes what was asked of it."""

    def __init__(self, *args):
        super().__init__(*args)
        self.asked = set()

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)


def test_every_variable_feeds_a_measure_or_says_where_it_is_shown():
    """So that nothing is recorded, tested and shown nowhere."""
    compiled = compile_scenario(parse(starter("small")), load_catalogue())
    arrays = Noted(columns(allocate(2, compiled.sizes)))
    quantities(Finished(np.arange(2), arrays, compiled.labels, compiled.attrs))
    measured = {n for n in VARIABLES if n in arrays.asked}
    excused = {n for n, v in VARIABLES.items() if v.elsewhere}
    assert set(VARIABLES) - measured == excused, "give it a measure, or say in the schema where it is shown"


@pytest.mark.parametrize("name", [n for n, v in VARIABLES.items() if v.elsewhere])
def test_where_a_variable_is_said_to_be_shown_it_is(name):
    where, _, what = VARIABLES[name].elsewhere.partition(": ")
    assert what
    if where == "exports only":
        return
    text = (HOME / where).read_text(encoding="utf-8")
    assert re.search(rf"\b{name}\b|\b(?:event_|records|RAGGED)" if name.startswith("event_") else rf"\b{name}\b", text)


def test_codes_of_a_variable_are_its_own():
    for name, variable in VARIABLES.items():
        assert (variable.unit == "code") == bool(variable.codes), name


# --------------------------------------------------------------------------------------------------------- measures


def test_every_declared_measure_is_in_the_results(tmp_path):
    results = Results(*load_records(simulate(tmp_path / "out")))
    for found in results.quantities.values():
        for key, m in MEASURES.items():
            if m.about != HOSTILE:
                assert key not in found, "told only where such fly"
                continue
            if SUPPLY in m.where:
                assert key not in found, "told only of campaigns"
                continue
            assert (found[key].name, found[key].unit, found[key].kind) == (m.name, m.unit, m.kind)
    assert [k for k, m in MEASURES.items() if m.kind == RATIO] == [k for k in MEASURES if k not in PLAIN]
    assert not {f for m in MEASURES.values() for f in m.where} - {
        "headline", "missiles", "losses", "supply", "money", "picture", "brief", "drawn", "drawn first", "live"
    }  # fmt: skip


def test_what_was_joined_and_swapped_is_counted(by_hand):  # noqa: F811
    by_hand.arrays["tracks_merged"], by_hand.arrays["unheld_rounds"] = np.array([[3], [0]]), np.array([[0], [2]])
    found = quantities(by_hand)
    assert found["merged_tracks"].values.tolist() == [3, 0] and found["unheld_rounds"].values.tolist() == [0, 2]


def test_the_pages_of_reference_have_every_word():
    variables, measures = reference.variables_page(), reference.measures_page()
    assert all(f"| `{name}` |" in variables for name in VARIABLES)
    assert all(f"| {c.word or '—'} | {c.sentence} |" in variables for codes in LISTS.values() for c in codes)
    assert all(f"| `{key}` | {m.called} |" in measures for key, m in MEASURES.items())
