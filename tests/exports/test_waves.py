"""One wave of a campaign, told as it was stored; tables of a campaign read by others."""

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
import xarray as xr

import kalkan
from kalkan.engine.store import Store
from kalkan.errors import KalkanError, ProblemsError
from kalkan.exports.writing import go_live
from kalkan.results.declared import MEASURES, SUPPLY
from kalkan.scenario import parse, starter
from kalkan.schema import LEAKED, VARIABLES

CAMPAIGN = """
[campaign]
duration = "5 days"

[[waves]]
name = "night"
at = "1 day"
every = "2 days"
times = 2

[variants.plain]
label = "cut off"
systems.north.link = "cut"
"""


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """A finished campaign of two variants × 3 replications."""
    out = tmp_path_factory.mktemp("waves") / "run"
    kalkan.run(parse(starter("small") + CAMPAIGN), replications=3, out=out, unknown=False)
    return out


@pytest.fixture(scope="module")
def second(campaign):
    return kalkan.record(campaign, replication=1, wave="night 2")


def test_a_wave_is_told_as_it_was_stored(campaign, second):
    stored = Store.open(campaign).read_one(second.variant, 1)
    labels = Store.open(campaign).run["variants"][second.variant]["labels"]["threat"]
    mine = [i for i, name in enumerate(labels) if name.startswith("night 2: ")]
    assert (second.wave, second.waves) == ("night 2", ("night 1", "night 2"))
    assert len(mine) == len(second.threats) and len(labels) == 2 * len(mine)
    assert np.array_equal(stored["threat_outcome"][mine], second.records["threat_outcome"])
    assert stored["threat_reason"][mine].tobytes() == second.records["threat_reason"].tobytes()
    assert stored["wave_hits"][1].sum() == sum(t.hit for t in second.threats)


def test_a_wave_begins_with_the_rounds_that_are_left(campaign, second):
    stored = Store.open(campaign).read_one(second.variant, 1)["wave_rounds"]
    ready = [sum(s.about["rounds"] for s in told.sites if s.role == "fire unit")
             for told in (kalkan.record(campaign, replication=1, wave="night 1"), second)]  # fmt: skip
    assert ready == stored.sum(axis=1).tolist()
    assert ready[1] != ready[0]


def test_without_a_name_it_is_the_first(campaign):
    assert kalkan.record(campaign, replication=1).wave == "night 1"


def test_titles_and_files_name_the_wave(campaign, second, tmp_path):
    assert "replication 1 · night 2:" in repr(second)
    assert "replication 1 · night 2" in second._repr_html_()
    (file,) = kalkan.export(campaign, "tacview", replications=1, wave="night 2", out=tmp_path / "stories")
    assert file.name.endswith("-00001-night-2.acmi")
    assert "replication 1 · night 2" in file.read_text(encoding="utf-8-sig")


def test_what_is_wrong_is_told_at_once(campaign, folder):
    with pytest.raises(ProblemsError) as told:
        kalkan.export(campaign, "kml", variant="none", replications=9, wave="day")
    assert [p.where for p in told.value.problems] == ["--variant", "--replication", "--wave"]
    assert "there are night 1, night 2" in told.value.problems[-1].message
    with pytest.raises(ProblemsError, match="no campaign"):
        kalkan.record(folder, replication=0, wave="night 1")
    with pytest.raises(ProblemsError, match="no campaign"):
        go_live(folder, "dis", wave="night 1")
    with pytest.raises(ProblemsError, match="holds every wave"):
        kalkan.export(campaign, "csv", wave="night 1")


def test_duckdb_counts_the_leakers_of_each_wave(campaign, tmp_path):
    (where,) = kalkan.export(campaign, "parquet", out=tmp_path / "tables")
    rows = duckdb.sql(
        f"select w.variant, w.replication, w.wave, w.wave_start_s, count(*) filter (threat_outcome = 'leaked') "
        f"from '{where}/waves.parquet' w join '{where}/threats.parquet' t using (variant, replication, wave) "
        "group by all order by all"
    ).fetchall()
    results = kalkan.open_results(campaign)
    wanted = []
    for variant in results.variants:
        records = results.records[variant]
        leaked = (records.arrays["threat_outcome"] == LEAKED).reshape(3, 2, -1).sum(axis=2)
        starts = records.arrays["wave_start_s"]
        wanted += [(variant, r, f"night {k + 1}", starts[r, k], leaked[r, k]) for r in range(3) for k in range(2)]
    assert rows == sorted(wanted)


def test_other_tables_of_a_campaign(campaign, tmp_path):
    results = kalkan.open_results(campaign)
    waves = results.frame("waves")
    assert len(waves) == 2 * 3 * 2
    rounds = results.frame("wave_interceptors").query("variant == 'plain' and replication == 2 and wave == 'night 2'")
    assert rounds["wave_rounds"].sum() == results.records["plain"].arrays["wave_rounds"][2, 1].sum()
    (file,) = kalkan.export(campaign, "netcdf", out=tmp_path / "run.nc")
    with xr.open_dataset(file, group="plain", engine="h5netcdf") as data:
        assert data["wave"].values.tolist() == ["night 1", "night 2"]
        assert data["wave_rounds"].dims == ("replication", "wave", "interceptor")
        assert set(data["rounds_kept"].dims) == {"replication", "stock"}


def test_a_raid_has_no_waves(folder):
    results = kalkan.open_results(folder)
    with pytest.raises(KalkanError, match='no table "waves"'):
        results.frame("waves")
    assert "wave" not in results.frame("threats")


def test_a_campaign_beside_a_plain_run(campaign, folder):
    assert "leaker" in repr(kalkan.compare(campaign, folder)).lower()


def test_every_measure_of_supply_and_every_variable_of_a_campaign_is_told(campaign, tmp_path):
    results = kalkan.open_results(campaign)
    found = results.quantities[results.variants[0]]
    assert all(found[key].unit == m.unit for key, m in MEASURES.items() if SUPPLY in m.where)
    kalkan.export(campaign, "parquet", out=tmp_path / "tables")
    fields = {f.name: f for file in (tmp_path / "tables").glob("*.parquet") for f in pq.read_schema(file)}
    for name, variable in VARIABLES.items():
        assert fields[name].metadata[b"unit"].decode() == variable.unit, name
