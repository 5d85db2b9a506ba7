"""What was lost of the defence, in the tables, in the report, and in a replay."""

import numpy as np
import pytest

import kalkan
from kalkan.schema import EV_ALONE, EV_RADAR_SILENT
from kalkan.views.run.summary import summary
from tests.engine.harness import raid, scenario
from tests.engine.test_outages import outage


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The fire unit stands 20 km from its post, whose frame is not its own."""
    out = tmp_path_factory.mktemp("losses")
    blinks = 'emission = { manner = "blinking", on = "40 s", off = "20 s" }'
    late = raid(count=2).replace('aim = "centre"', 'aim = "centre"\nstart = "3 min"')
    text = scenario(late, p=1.0, salvo=1, extra=outage("set/post", since="30 s", until="20 min"))
    text = text.replace("fire_unit_positions = [[39.0, 33.0]]", "fire_unit_positions = [[38.82, 33.0]]")
    file = out / "losses.toml"
    file.write_text(text.replace('name = "set"\n', f'name = "set"\n{blinks}\n'))
    return kalkan.run(file, replications=2, out=out / "out", unknown=False)


def test_tables_tell_them(run):
    rows = {t["title"]: [r["key"] for r in t["rows"]] for t in summary(run)["tables"]}["losses of the defence"]
    assert rows == ["post_time_out", "radar_time_silent", "time_alone"]
    assert run.measures()["base"]["post_time_out"].mean == pytest.approx(1170.0)


def test_the_report_has_a_section_of_them(run):
    page = run.report().read_text()
    assert "<h2" in page and "Losses of the defence" in page and "fought alone" in page


def test_a_replay_shows_what_a_unit_alone_sees_where_it_is(run):
    told = kalkan.record(run.path, replication=0)
    kinds = told.records["event_kind"]
    assert EV_ALONE in kinds and EV_RADAR_SILENT in kinds
    own = (told.plots.radar == told.labels["radar"].index("set/1/92N6E")) & (told.plots.threat >= 0)
    assert own.any()
    for i in np.flatnonzero(own)[:20]:
        true = told.threats[int(told.plots.threat[i])].motion.at(told.plots.t_s[i])
        assert np.linalg.norm(told.plots.position_m[i] - true) < 200.0
