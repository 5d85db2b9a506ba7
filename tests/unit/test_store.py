"""The results folder never gives back anything but what was written."""

import errno
import json

import numpy as np
import pytest
from toy_engine import ATTRS, LABELS, runner, simulate

from kalkan.engine import ledger
from kalkan.engine.ledger import Block
from kalkan.engine.store import Store
from kalkan.engine.store.zarr_frame import CHUNK
from kalkan.errors import StoreError
from kalkan.kernels.records import allocate, columns
from kalkan.results.drawn import read_unknown
from kalkan.schema import RAGGED, VARIABLES

RUN = {"title": "A run", "seed": 1, "replications": 100, "catalogue": "c", "engine": "e", "versions": {}}
SIZES = {name: len(values) for name, values in LABELS.items()} | {"event": 20}


def records(first, n):
    filled = allocate(n, SIZES)
    runner(0.3, 1, 0, first, n, filled)
    return columns(filled)


def block(first, n, variant="base"):
    return Block(variant, first, n, "", "", 0.5, 60.0)


@pytest.fixture
def store(tmp_path):
    about = {"label": "Base", "labels": LABELS, "sizes": SIZES, "attrs": ATTRS, "identity": "i"}
    made = Store(tmp_path / "out", RUN | {"variants": {"base": about}})
    made.save_run()
    return made


def test_what_is_read_is_what_was_written_whatever_the_order_and_size_of_blocks(store):
    for first, n in ((90, 10), (0, 7), (7, 60)):
        store.write(block(first, n), records(first, n))
    rows, arrays = Store.open(store.path).read("base")
    assert rows.tolist() == [*range(67), *range(90, 100)]
    whole = records(0, 100)
    for name, array in arrays.items():
        assert array.dtype == VARIABLES[name].dtype
        np.testing.assert_array_equal(array, whole[name][rows], err_msg=name)


def test_event_log_of_one_replication(store):
    store.write(block(5, 20), records(5, 20))
    whole = records(5, 20)
    for replication in (5, 11, 24):
        row = replication - 5
        log = store.read_events("base", replication)
        for name in RAGGED:
            np.testing.assert_array_equal(log[name], whole[name][row, : whole["event_count"][row]])
    with pytest.raises(StoreError, match=r"replication 25 .* not finished"):
        store.read_events("base", 25)


def test_a_lost_chunk_is_an_error_and_never_zeros(store):
    store.write(block(0, 100), records(0, 100))
    (store.path / "results.zarr/base/not_held/c/1/0").unlink()
    with pytest.raises(StoreError, match=r"replications 0 to 99 .* damaged \(not_held: a file is missing\)"):
        store.read("base")


def test_chunks_of_zeros_are_stored(store):
    zeros = columns(allocate(CHUNK, SIZES))
    store.write(block(0, CHUNK), zeros)
    again = Store.open(store.path)
    again.write(block(CHUNK, 10), {k: v[:10] for k, v in zeros.items()})
    assert (store.path / "results.zarr/base/not_held/c/1/0").is_file()
    assert not again.read("base")[1]["not_held"].any()


def test_changed_data_are_found(store):
    store.write(block(0, 30), records(0, 30))
    store.write(block(30, 30), records(30, 30))
    import zarr

    zarr.open_group(str(store.path / "results.zarr"))["base/spent"][31, 0, 0] = 99
    with pytest.raises(StoreError, match=r"replications 30 to 59 .*checksum differ.*computes them again"):
        store.read("base")
    assert [b.first for b in store.damaged()] == [30]


def test_changed_bytes_are_found_by_the_codec(store):
    store.write(block(0, 30), records(0, 30))
    chunk = store.path / "results.zarr/base/spent/c/0/0/0"
    data = bytearray(chunk.read_bytes())
    data[len(data) // 2] ^= 1
    chunk.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        store.read("base")


def test_changed_events_are_found(store):
    store.write(block(0, 30), records(0, 30))
    import zarr

    zarr.open_group(str(store.path / "results.zarr"))["base/events/block_00000000/event_time_s"][3] = -1.0
    with pytest.raises(StoreError, match="damaged"):
        store.read_events("base", 0)
    assert len(store.damaged()) == 1


def test_a_torn_ledger_line_is_no_block_and_the_next_line_replaces_it(store):
    path = store.path / "ledger.jsonl"
    store.write(block(0, 10), records(0, 10))
    with path.open("a") as file:
        file.write('{"variant": "base", "fir')
    assert [b.first for b in store.blocks] == [0]
    store.write(block(10, 10), records(10, 10))
    assert [b.first for b in store.blocks] == [0, 10]
    assert all(json.loads(line) for line in path.read_text().splitlines())


def test_a_spoilt_ledger_line_is_told(store):
    store.write(block(0, 10), records(0, 10))
    with (store.path / "ledger.jsonl").open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(StoreError, match="line 2: not a finished block"):
        store.read("base")


def test_gaps():
    blocks = [block(4, 4), block(20, 10), block(0, 2), block(0, 99, "other")]
    assert ledger.gaps(blocks, "base", 25) == [(2, 4), (8, 20)]
    assert ledger.gaps(blocks, "base", 32) == [(2, 4), (8, 20), (30, 32)]
    assert ledger.gaps([], "base", 3) == [(0, 3)]
    assert ledger.gaps([block(0, 9)], "base", 5) == []


def test_a_full_disk_is_told_and_what_was_finished_stays(store, monkeypatch):
    store.write(block(0, 10), records(0, 10))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ledger, "append", full)
    with pytest.raises(StoreError, match="No space left on device; finished blocks are kept"):
        store.write(block(10, 10), records(10, 10))
    assert store.read("base")[0].tolist() == list(range(10))


def test_what_is_no_results_folder(tmp_path):
    with pytest.raises(StoreError, match="does not exist"):
        Store.open(tmp_path / "none")
    with pytest.raises(StoreError, match="is not a kalkan results folder"):
        Store.open(tmp_path)
    (tmp_path / "run.json").write_text('{"format": 99}')
    with pytest.raises(StoreError, match="another version"):
        Store.open(tmp_path)
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(StoreError, match=r"run\.json is damaged .*--overwrite"):
        Store.open(tmp_path)


def changed(path, change):
    run = json.loads((path / "run.json").read_text())
    change(run)
    (path / "run.json").write_text(json.dumps(run))


def test_one_digit_of_what_was_run_is_told(store):
    """Which cost, which seed, which name: nothing is read but what was written, however it is laid out."""
    text = (store.path / "run.json").read_text()
    (store.path / "run.json").write_text(json.dumps(json.loads(text)))
    assert Store.open(store.path).run["seed"] == 1
    for digit in (i for i, c in enumerate(text) if c.isdigit()):
        (store.path / "run.json").write_text(f"{text[:digit]}{(int(text[digit]) + 1) % 10}{text[digit + 1 :]}")
        with pytest.raises(StoreError, match=r"run\.json is damaged|in a form that this version does not know"):
            Store.open(store.path)
    for key in ("title", "seed", "variants", "checksum"):
        (store.path / "run.json").write_text(text)
        changed(store.path, lambda run, key=key: run.pop(key))
        with pytest.raises(StoreError, match="damaged"):
            Store.open(store.path)


def test_a_folder_of_before_checksums_opens_by_the_identity_of_its_plan(tmp_path):
    import kalkan

    out = simulate(tmp_path / "out", 8)

    def older(run):
        run["format"] = 1
        del run["checksum"], run["scenario_digest"]

    before = kalkan.open_results(out).measures()
    changed(out, older)
    results = kalkan.open_results(out)
    assert results.measures() == before
    assert any("before kalkan kept a checksum" in note for note in results.summary()["notes"])
    kept = (out / "run.json").read_text()
    changed(out, lambda run: run["variants"]["base"]["attrs"].update(interceptor_unit_cost_usd=[2e6, 5e5]))
    with pytest.raises(StoreError, match='"base": names, costs or values are not those of the plan'):
        kalkan.open_results(out)
    (out / "run.json").write_text(kept)
    changed(out, lambda run: run["variants"]["base"].pop("attrs"))
    with pytest.raises(StoreError, match='"base": "attrs" is missing'):
        kalkan.open_results(out)
    (out / "run.json").write_text(kept)
    simulate(out, 8)
    assert json.loads((out / "run.json").read_text())["format"] == 2, "the next run writes it as today"


def test_a_stored_scenario_that_changed_is_no_scenario(store):
    store.save_scenario("title = 'a'\n")
    store.save_run()
    assert Store.open(store.path).scenario_text() == "title = 'a'\n"
    for data in (b"", b"title = 'b'\n", b"\xff"):
        (store.path / "scenario.toml").write_bytes(data)
        with pytest.raises(StoreError, match=r"scenario\.toml is no longer what was run .* writes it again"):
            Store.open(store.path).scenario_text()


def test_a_changed_ledger_line_is_told(store):
    store.write(block(0, 10), records(0, 10))
    file = store.path / "ledger.jsonl"
    file.write_text(file.read_text().replace('"simulated_s": 60.0', '"simulated_s": 90.0'))
    with pytest.raises(StoreError, match="line 1: not a finished block as it was written"):
        store.read("base")


def test_changed_draws_of_the_claims_are_told_and_not_used(store):
    store.save_unknown({"outcomes": {"base": {"leakers": [[1.0, 2.0]] * 4}}, "why": ""})
    assert read_unknown(store.path).draws == 4
    file = store.path / "unknown.json"
    file.write_text(file.read_text().replace("2.0", "3.0", 1))
    found = read_unknown(store.path)
    assert found.draws == 0 and found.damaged and "damaged" in found.why


def test_xarray_reads_the_zarr_store_with_dimensions_and_units(store):
    import xarray as xr

    store.write(block(0, 100), records(0, 100))
    data = xr.open_zarr(store.path / "results.zarr", group="base", consolidated=False)
    assert data["spent"].dims == ("replication", "unit", "interceptor")
    assert data["threat_end_s"].attrs["unit"] == "s"
    np.testing.assert_array_equal(data["spent"].values, records(0, 100)["spent"])
