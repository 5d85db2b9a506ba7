"""`results.frame`: a row for each thing in each replication, with words for codes and units beside."""

import numpy as np
import pytest
from toy_engine import simulate

from kalkan.errors import KalkanError
from kalkan.results.assemble import Results, load_records
from kalkan.results.tables import TABLES
from kalkan.schema import CAMPAIGN_DIMS, KILLED, OUTCOMES, VARIABLES


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return Results(*load_records(simulate(tmp_path_factory.mktemp("tidy") / "out", 10)))


def test_a_row_for_each_threat_of_each_replication_of_each_variant(results):
    threats = results.frame("threats")
    n = len(results.records["base"].labels["threat"])
    assert len(threats) == 2 * 10 * n and not threats.duplicated(["variant", "replication", "threat"]).any()
    assert list(threats.columns[:5]) == ["variant", "replication", "threat", "raid", "class"]
    assert list(threats["variant"].unique()) == ["base", "worse"]


def test_the_frame_holds_what_the_arrays_hold(results):
    threats = results.frame("threats")
    for variant, records in results.records.items():
        mine = threats[threats["variant"] == variant]
        shape = records.arrays["threat_outcome"].shape
        killed = (mine["threat_outcome"] == OUTCOMES[KILLED].word).to_numpy().reshape(shape)
        assert (killed == (records.arrays["threat_outcome"] == KILLED)).all()
        ranges = mine["threat_first_plot_range_m"].to_numpy().reshape(shape)
        np.testing.assert_array_equal(ranges, records.arrays["threat_first_plot_range_m"])
        assert (mine["replication"].to_numpy().reshape(shape) == records.replications[:, None]).all()


def test_grouping_gives_the_measure(results):
    threats = results.frame("threats")
    leaked = threats[threats["threat_outcome"] == "leaked"].groupby("variant", observed=True).size() / 10
    for variant in results.variants:
        assert leaked[variant] == pytest.approx(results.measures()[variant]["leakers"].mean)


@pytest.mark.parametrize("name", [*(n for n, dims in TABLES.items() if not CAMPAIGN_DIMS.intersection(dims)), "events"])
def test_every_table_says_its_units(results, name):
    frame = results.frame(name)
    told = {"variant", "replication", *TABLES.get(name, ()), "raid", "class"}
    for column in set(frame.columns) - told:
        assert frame.attrs["units"][column] == VARIABLES[column].unit
        assert frame.attrs["sentences"][column] == VARIABLES[column].sentence


def test_a_table_that_is_none_is_told_with_those_that_are(results):
    with pytest.raises(KalkanError, match=r'no table "threat"; there are replications.*did you mean "threats"'):
        results.frame("threat")
