"""Parquet read by DuckDB, NetCDF read by xarray."""

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
import xarray as xr

import kalkan
from kalkan.errors import ProblemsError
from kalkan.schema import CAMPAIGN_DIMS, EVENTS, OUTCOMES, RAGGED, VARIABLES


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
    of_raids = {name: v for name, v in VARIABLES.items() if not CAMPAIGN_DIMS.intersection(v.dims)}
    for name, variable in of_raids.items():
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
            assert words == [code.word.replace(" ", "_") for code in OUTCOMES], "one word each, as CF has it"
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


def test_csv_tells_what_parquet_tells_and_what_each_column_is(tables, folder, tmp_path, results):
    (where,) = kalkan.export(folder, "csv", out=tmp_path / "csv")
    names = {file.stem for file in tables.glob("*.parquet")}
    assert {file.stem for file in where.glob("*.csv")} == names | {"columns"}
    for name in names:
        both = (f"'{tables}/{name}.parquet'", f"read_csv('{where}/{name}.csv', header=true)")
        counted, read = (duckdb.sql(f"select * from {table}").arrow().read_all() for table in both)
        assert read.column_names == counted.column_names and read.num_rows == counted.num_rows > 0
        for column in read.column_names:
            new, old = (table[column].to_pandas() for table in (read, counted))
            if old.dtype.kind == "f":
                assert np.allclose(new.to_numpy(float), old.to_numpy(float), rtol=1e-6, equal_nan=True), column
            else:
                assert (new.isna() == old.isna()).all(), column
                assert new.dropna().astype(str).tolist() == old.dropna().astype(str).tolist(), column
    told = duckdb.sql(f"select * from '{where}/columns.csv'").fetchall()
    assert all(meaning for *_, meaning in told)
    assert {(n, c) for n, c, *_ in told} == {
        (n, c) for n in names for c in pq.read_schema(tables / f"{n}.parquet").names
    }
    assert ("threats", "threat_end_s", "s") in {row[:3] for row in told}


def test_parties_are_named(tables, results):
    """Who was seen by which radar, killed by which fire unit, let through to which asset, by name."""
    events = duckdb.sql(
        f"select event_kind, event_subject, event_object, count(*) from '{tables}/events.parquet' group by all"
    ).fetchall()
    labels = next(iter(results.records.values())).labels
    by_kind = {"first plot": ("threat", "radar"), "kill": ("threat", "unit"), "leak": ("threat", "asset")}
    for kind, dims in by_kind.items():
        rows = [r for r in events if r[0] == kind]
        assert rows and {r[1] for r in rows} <= set(labels[dims[0]])
        assert {r[2] for r in rows} <= set(labels[dims[1]])
    killers = duckdb.sql(f"select threat_killer, count(*) from '{tables}/threats.parquet' group by all").fetchall()
    killed = sum((r.arrays["threat_killer"] >= 0).sum() for r in results.records.values())
    assert sum(n for name, n in killers if name) == killed > 0 and {n for n, _ in killers if n} <= set(labels["unit"])


def test_a_folder_of_tables_is_not_named_as_a_file(folder, tmp_path):
    with pytest.raises(ProblemsError, match=r"must be a folder, without a suffix"):
        kalkan.export(folder, "csv", out=tmp_path / "threats.csv")
    assert not (tmp_path / "threats.csv").exists()
