"""Parquet read by DuckDB, NetCDF read by xarray."""

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
import xarray as xr

import kalkan
from kalkan.errors import ProblemsError
from kalkan.schema import EVENTS, OUTCOMES, RAGGED, VARIABLES


@pytest.fixture(scope="module")
def results(folder):
    return kalkan.open_results(folder)


@pytest.fixture(scope="module")
def tables(folder, tmp_path_factory):
    (where,) = kalkan.export(folder, "parquet", out=tmp_path_factory.mktemp("tables") / "parquet")
    return where


@pytest.fixture(scope="module")
def netcdf(folder, tmp_path_factory):
    (file,) = kalkan.export(folder, "netcdf", out=tmp_path_factory.mktemp("tables") / "run.nc")
    return file


def test_duckdb_counts_the_leakers(tables, results):
    rows = duckdb.sql(
        f"select variant, replication, count(*) filter (threat_outcome = 'leaked') as leakers "
        f"from '{tables}/threats.parquet' group by all order by all"
    ).fetchall()
    wanted = [
        (variant, int(r), int(n))
        for variant in results.variants
        for r, n in zip(results.records[variant].replications, results.leakers[variant].values, strict=True)
    ]
    assert rows == sorted(wanted)


def test_duckdb_reads_the_events(tables, results):
    rows = duckdb.sql(
        f"select variant, replication, event_kind, count(*) from '{tables}/events.parquet' group by all"
    ).fetchall()
    found = {row[:3]: row[3] for row in rows}
    for variant in results.variants:
        for replication in range(4):
            kinds = results.events(variant, replication)["event_kind"]
            for code, event in enumerate(EVENTS):
                assert found.get((variant, replication, event.word), 0) == (kinds == code).sum()


def test_every_variable_is_in_a_table_with_its_unit(tables):
    fields = {}
    for file in tables.glob("*.parquet"):
        fields |= {f.name: f for f in pq.read_schema(file)}
    for name, variable in VARIABLES.items():
        assert fields[name].metadata[b"unit"].decode() == variable.unit


def test_spent_rounds_add_up(tables, results):
    ((spent,),) = duckdb.sql(f"select sum(spent) from '{tables}/interceptors.parquet'").fetchall()
    assert spent == sum(results.records[v].arrays["spent"].sum() for v in results.variants) > 0


def test_xarray_reads_every_value_back(netcdf, results):
    with xr.open_datatree(netcdf, engine="h5netcdf") as tree:
        assert tree.attrs["title"] == results.run["title"]
        assert set(tree.children) == set(results.variants)
        for variant in results.variants:
            group = tree[variant]
            for name, array in results.records[variant].arrays.items():
                assert np.array_equal(group[name].values, array, equal_nan=array.dtype.kind == "f"), name
            assert group["threat"].values.tolist() == results.records[variant].labels["threat"]
            assert group["threat_end_s"].attrs["units"] == "s"
            words = group["threat_outcome"].attrs["flag_meanings"].split()
            assert words == [code.word for code in OUTCOMES]
            ends = np.cumsum(group["event_count"].values)
            for replication, end in enumerate(ends):
                log = results.events(variant, replication)
                for name in RAGGED:
                    assert np.array_equal(group[name].values[end - log[name].size : end], log[name])


def test_one_variant_and_some_replications_only(folder, tmp_path):
    (file,) = kalkan.export(folder, "netcdf", variant="slow-radar", replications=[1, 3], out=tmp_path / "some.nc")
    with xr.open_datatree(file, engine="h5netcdf") as tree:
        assert list(tree.children) == ["slow-radar"]
        assert tree["slow-radar"]["replication"].values.tolist() == [1, 3]


def test_every_mistake_at_once(folder, tmp_path):
    with pytest.raises(ProblemsError) as caught:
        kalkan.export(folder, "netcdf", variant="none", replications=[9], out=tmp_path / "run.csv")
    text = str(caught.value)
    assert '"none" is not a variant' in text and "= 9 is not finished" in text and "must end in .nc" in text
