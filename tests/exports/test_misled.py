"""Who was shot at though not hostile, and why: in results, on the screen, and in a replay."""

import re

import numpy as np
import pytest

import kalkan
from kalkan.earth.terrain import Terrain
from kalkan.results.mistakes import mistakes
from kalkan.scenario import parse
from kalkan.schema import FRIENDLY, NEUTRAL
from kalkan.views.replay.document import replay_document
from kalkan.views.run.leaking import clock
from kalkan.views.run.summary import summary
from tests.engine.test_identification import assume, flight, scene
from tests.mixed import mixed

BROKEN = assume(iff_broken=0.5, iff_reply=1.0)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("misled")
    file = out / "misled.toml"
    file.write_text(scene(flight(count=2), BROKEN))
    return kalkan.run(file, replications=12, out=out / "out", unknown=False)


def test_results_count_them_by_what_misled_with_intervals(run):
    found = run.measures()["base"]
    by, shot = found["misled/friends/transponder and flight plan"], found["friends_shot_at"]
    assert by.mean == pytest.approx(shot.mean) and by.low < by.mean < by.high
    assert 0.9 < found["p_hostile_at_shot/friends"].mean <= 1.0
    titles = {t["title"]: [r["key"] for r in t["rows"]] for t in summary(run)["tables"]}
    assert titles["shot at though not hostile, by what misled"] == [
        "misled/friends/transponder and flight plan", "p_hostile_at_shot/friends",
    ]  # fmt: skip


def test_the_report_lists_single_cases_as_replays_tell_them(run, tmp_path):
    """Counted here from the arrays; each case of the page is the one that its replication's card explains."""
    arrays = run.records["base"].arrays
    wanted = [(k, i) for k, i in np.argwhere(arrays["threat_shots"] > 0).tolist() if i > 0]
    found = mistakes(run.records["base"])
    assert len(found) == len(wanted) > 2 and {m.side for m in found} == {"friendly"}
    page = run.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"{min(8, len(found))} of {len(found)} cases" in page if len(found) > 8 else "Every case" in page
    case = found[0]
    document = replay_document(kalkan.record(run.path, replication=case.replication), Terrain.flat())
    (told,) = (t["why"] for t in document["threats"] if t["name"] == case.threat)
    assert told[0].startswith(f"Shot at from {clock(case.first_shot_s)} on") and case.misled_by in told[1]
    assert f"P(hostile) was {case.p_hostile:.2f}" in told[1]
    assert f">{case.threat}</th>" in page and f">{clock(case.first_shot_s)}</td>" in page


def believed(document, threat):
    """What posts thought over time of the tracks of a threat."""
    return [t["believed"] for t in document["tracks"] if t["threat"] == threat and t["believed"]]


def test_a_replay_says_why_a_friend_was_shot_at(run):
    shots = run.records["base"].arrays["threat_shots"]
    row = int((shots[:, 1:] > 0).sum(axis=1).argmax())
    recording = kalkan.record(run.path, replication=row)
    document = replay_document(recording, Terrain.flat())
    told = document["threats"]
    for i in (1, 2):
        if shots[row, i] == 0:
            assert told[i]["why"] == []
            continue
        first, second, third = told[i]["why"]
        assert first.startswith("Shot at from ") and first.endswith("though friendly.")
        assert "P(hostile) was 0.98" in second and "transponder and flight plan" in second
        assert third == (
            "The post knew of it: IFF: no reply to 1 interrogation; "
            "transponder and flight plan: silent, on no flight plan; speed and height: low."
        )
        assert any(b["p"][0] == pytest.approx(98.1, abs=0.1) for b in believed(document, i))
    spared = replay_document(kalkan.record(run.path, replication=int((shots[:, 1] == 0).argmax())), Terrain.flat())
    assert spared["threats"][1]["why"] == [] and any(b["p"][-2] > 90.0 for b in believed(spared, 1))


def test_what_was_thought_likelier_not_to_be_hostile_is_told_not_to_have_been_spared(tmp_path):
    """Weapons are free, and no side was known at 0.8; the three probabilities are those of the post, and sum to 1."""
    results = kalkan.run(parse(mixed()), out=tmp_path / "out", unknown=False)
    document = replay_document(kalkan.record(results.path, replication=0), Terrain.flat())
    told = [t["why"] for t in document["threats"] if t["raid"] == "returning F-16s"]
    numbers = [[float(v) for v in re.findall(r"P\(\w+\) (?:was )?(\d\.\d+)", " ".join(why))] for why in told]
    assert len(numbers) == 2 and all(len(p) == 3 and p[0] < 0.5 and max(p[1:]) < 0.8 for p in numbers)
    assert [sum(p) for p in numbers] == pytest.approx([1.0, 1.0], abs=0.02)
    assert all(why[2].endswith("were not enough, under the rules, to spare it.") for why in told)


def test_the_report_tells_how_many_flew_not_for_how_many_there_is_room(tmp_path):
    """Traffic keeps room for a crowd of one case in a million; 12 an hour, and those on the way, are few."""
    results = kalkan.run(parse(mixed(8)), out=tmp_path / "out", unknown=False)
    records = results.records["base"]
    start = records.arrays["threat_start_s"][:, np.array(records.attrs["threat_side"]) == "neutral"]
    flew = [sum(t < 3600.0 for t in row) for row in start.tolist()]
    assert max(flew) < start.shape[1] and records.flown(NEUTRAL).tolist() == flew
    assert records.flown(FRIENDLY).tolist() == [3.0] * 8
    page = results.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"3 friendly aircraft and on average {np.mean(flew):.1f} neutral aircraft fly in these skies" in page
