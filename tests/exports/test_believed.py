"""What a post thinks of a track over time, as each format tells it: by hand-made beliefs."""

from types import SimpleNamespace

import numpy as np
import pytest

from kalkan.engine.recorded import Belief
from kalkan.exports import asterix, believed, geojson, tacview
from kalkan.results.quantity import Finished
from kalkan.schema import FRIENDLY, HOSTILE, NEUTRAL


def belief(t_s, p, **said):
    return Belief(t_s, 0, "north 1", 3, p, dict(said))


TOLD = [
    belief(10.0, (0.4, 0.35, 0.25)),
    belief(20.0, (0.7, 0.2, 0.1), IFF="no reply to 1 interrogation"),
    belief(30.0, (0.704, 0.2, 0.096), IFF="no reply to 2 interrogations"),
    belief(40.0, (0.01, 0.98, 0.01), IFF="replied"),
]


def test_what_is_thought_holds_until_it_changes():
    assert believed.at(TOLD, 9.9) is None
    assert [believed.at(TOLD, t) for t in (10.0, 39.9, 40.0, 99.0)] == [TOLD[0], TOLD[2], TOLD[3], TOLD[3]]
    assert [believed.side(b) for b in TOLD] == ["hostile", "hostile", "hostile", "friendly"]


@pytest.mark.parametrize(("t_s", "md4"), [(5.0, 0), (15.0, 0), (25.0, 3), (35.0, 3), (45.0, 1)])
def test_mode_4_is_what_interrogations_brought_until_then(t_s, md4):
    """The third octet of I062/080: AMA, MD4 in two bits, ME, MI, MD5 in two bits."""
    assert asterix._reply(TOLD, t_s) == [md4 * 2**4]
    assert asterix._reply([], t_s) == []


def test_tacview_says_it_when_the_percent_or_the_side_changes_and_only_while_the_track_lives():
    track = SimpleNamespace(end_s=40.0, motion=SimpleNamespace(t_s=np.array([12.0, 38.0])))
    frames = {}
    tacview._believed(frames, 0xA, track, TOLD)
    assert frames == {12.0: ["a,Color=Red,Label=hostile 40 %"], 20.0: ["a,Color=Red,Label=hostile 70 %"]}
    track.end_s = 41.0
    tacview._believed(frames, 0xA, track, TOLD)
    assert frames[40.0] == ["a,Color=Cyan,Label=friendly 98 %"]


def test_geojson_tells_the_last_side_and_every_probability():
    told = geojson._believed(TOLD)
    assert told["believed"] == "friendly" and told["believed_times_s"] == [10.0, 20.0, 30.0, 40.0]
    assert told["p_neutral"] == [0.25, 0.1, 0.096, 0.01] and geojson._believed([]) == {}


def test_flown_are_those_that_began_before_the_end():
    start = np.array([[0.0, 50.0, -30.0, 99.0, 101.0], [0.0, 50.0, 100.0, 500.0, 900.0]])
    sides = ["hostile", "friendly", "neutral", "neutral", "neutral"]
    attrs = {"threat_side": sides, "horizon_s": 100.0}
    records = Finished(np.arange(2), {"threat_start_s": start}, {"threat": list("abcde")}, attrs)
    assert [records.flown(s).tolist() for s in (HOSTILE, FRIENDLY, NEUTRAL)] == [[1, 1], [1, 1], [2, 0]]
