"""``kalkan export`` as a user types it."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kalkan.apps.cli import app

KALKAN = str(Path(sys.executable).with_name("kalkan"))


def kalkan(*words, cwd, code=0):
    done = subprocess.run([KALKAN, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=600)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    kalkan("new", "raid.toml", cwd=folder)
    kalkan("run", "raid.toml", "--replications", 2, "-q", cwd=folder)
    return folder


def test_files_are_named_after_what_they_hold(ran):
    done = kalkan("export", "out/raid", "--to", "tacview", "--replication", 0, "--replication", 1, cwd=ran)
    files = ["out/raid/exports/base-00000.acmi", "out/raid/exports/base-00001.acmi"]
    assert done.stdout.splitlines() == [f"wrote {f}" for f in files]
    assert all((ran / f).stat().st_size > 10_000 for f in files)
    kalkan("run", "raid.toml", "--replications", 3, "-q", cwd=ran)  # exports are not in the way of going on


def test_two_replications_into_a_named_file_get_their_numbers(ran):
    words = ("export", "out/raid", "--to", "geojson", "--replication", 0, "--replication", 1, "--out", "story.geojson")
    done = kalkan(*words, cwd=ran)
    assert done.stdout == "wrote story-00000.geojson\nwrote story-00001.geojson\n"


def test_a_name_without_a_suffix_is_a_folder(ran):
    words = ("export", "out/raid", "--to", "kml", "--replication", 0, "--replication", 1, "--out", "for gis")
    done = kalkan(*words, cwd=ran)
    assert done.stdout == "wrote for gis/base-00000.kml\nwrote for gis/base-00001.kml\n"
    assert kalkan("export", "out/raid", "--to", "netcdf", "--out", "for gis", cwd=ran).stdout == (
        "wrote for gis/netcdf.nc\n"
    )


def test_start_moves_the_dates(ran):
    words = ("export", "out/raid", "--to", "kml", "--out", "a.kml", "--start", "2026-05-01T06:00:00+03:00")
    kalkan(*words, cwd=ran)
    assert "<when>2026-05-01T03:" in (ran / "a.kml").read_text()


def test_live_goes_to_this_machine(ran):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
        there.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        there.bind(("127.0.0.1", 0))
        port = there.getsockname()[1]
        done = kalkan(
            "export", "out/raid", "--to", "dis", "--live", "--speed", 5000, "--to-host", f"127.0.0.1:{port}", cwd=ran
        )
        assert there.recv(2000)[:3] == b"\x07\x01\x01"
    assert f"sending dis to 127.0.0.1, port {port}, 5000 × real time; Ctrl-C stops it" in done.stderr
    assert "5000 × real time" in done.stderr and done.stdout.startswith("sent ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--to", "tackview"], ['--to', '= "tackview" is not a format', 'did you mean "tacview"?']),
        (["--to", "shapefile"], ["there are tacview, czml, kml, geojson, dis, asterix, parquet, csv, netcdf"]),
        (["--to", "kml", "--replication", "7"], ["--replication", "= 7 is not finished; there are 0 to"]),
        (["--to", "kml", "--replication", "-1"], ["= -1 is not finished"]),
        (["--to", "kml", "--variant", "bsae"], ['"bsae" is not a variant; there are base']),
        (["--to", "kml", "--out", "x.csv"], ['= "x.csv" must end in .kml or .kmz for kml']),
        (["--to", "kml", "--start", "soon"], ['= "soon" is not a date']),
        (["--to", "kml", "--speed", "2", "--to-host", ":3000"], ["--speed", "--to-host", "needs --live"]),
        (["--to", "kml", "--live"], ['cannot send "kml"']),
        (["--to", "dis", "--live", "--out", "x.dis"], ["does not go with --live"]),
        (["--to", "dis", "--live", "--to-host", "10.0.0.1:3000"], ['"10.0.0.1" is not this machine']),
        (["--to", "dis", "--live", "--to-host", "127.0.0.1:x"], ["must be HOST:PORT"]),
        (["--to", "dis", "--live", "--speed", "0"], ["= 0 must be above 0"]),
        (["--to", "mkl", "--variant", "x", "--replication", "9"], ["3 problems", '"kml"?', "not finished"]),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_words(ran, words, told, capfd):
    with pytest.raises(SystemExit) as ended:
        app(["export", str(ran / "out/raid"), *words])
    said = capfd.readouterr()
    assert ended.value.code == 2 and said.out == ""
    for text in told:
        assert text in said.err


def test_a_folder_without_results(ran, tmp_path):
    assert "does not exist" in kalkan("export", "nowhere", "--to", "kml", cwd=ran, code=2).stderr
    assert "is not a kalkan results folder" in kalkan("export", tmp_path, "--to", "kml", cwd=ran, code=2).stderr


def test_a_place_that_cannot_be_written(ran):
    (ran / "file").write_text("")
    done = kalkan("export", "out/raid", "--to", "kml", "--out", "file/story.kml", cwd=ran, code=2)
    assert "cannot be written" in done.stderr and "choose another --out" in done.stderr
