"""``kalkan exposure``: the real command, the function, the app's worker, and its section of a report."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import html5lib
import pytest

import kalkan
from kalkan.apps.web.worker import study
from tests.apps.test_cli import kalkan as kalkan_cli

FRIENDS = """
[exposure]
days = 20
sorties_per_day = 4

[[flights]]
name = "training"
type = "f-35a"
count = 2
route = [
  { position = [36.9, 32.0], altitude = "8 km MSL" },
  { position = [36.4, 33.6], altitude = "8 km MSL" },
  { position = [37.2, 34.0], altitude = "8 km MSL" },
]
route_jitter = "3 km"

[variants.lenses]
label = "with lenses"
exposure.reflectors = true
"""
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small starter, with two friends that train beside it."""
    made = tmp_path_factory.mktemp("exposure")
    kalkan_cli("new", "raid.toml", cwd=made)
    path = made / "raid.toml"
    path.write_text(path.read_text().replace("replications = 200", "replications = 2") + FRIENDS)
    return made


@pytest.fixture(scope="module")
def told(folder: Path) -> dict:
    return json.loads(kalkan_cli("exposure", "raid.toml", "--json", "-q", cwd=folder).stdout)


def test_every_variant_has_its_stances_as_a_range(told: dict, folder: Path) -> None:
    assert told["stances"] == ["best-source", "low", "high"] and told["days"] == 20
    assert [g["variant"] for g in told["exposed"]] == ["base", "with lenses"]
    base, lenses = told["exposed"]
    assert base["flying"]["sorties_per_day"] == {"value": 4.0, "low": 4.0, "high": 4.0}, "written: nobody disputes it"
    assert base["flying"]["lens_m"]["value"] == 0.0 and lenses["flying"]["lens_m"] == {
        "value": 0.1, "low": 0.06, "high": 0.16,
    }  # fmt: skip
    for group in told["exposed"]:
        assert set(group["bands"]) == {"S", "X"}
        for band in group["bands"].values():
            nose = band["quarters"]["nose"]
            for record in (band["left_db"], band["after_all_db"], nose["rcs_m2"], nose["bound_m2"]):
                assert record["low"] <= record["value"] <= record["high"] > record["low"]
            curve = [p["value"] for p in band["over_days"]]
            assert [band["over_days"][i]["days"] for i in (0, -1)] == [1, 20]
            assert curve == sorted(curve, reverse=True) and curve[-1] == band["after_all_db"]["value"]
    for name in told["files"]:
        assert (folder / name).stat().st_size > 500


def test_the_table_of_sectors_adds_up_to_the_radars(told: dict, folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((folder / "out/raid-studies/exposure.csv").read_text())))
    for group in told["exposed"]:
        for radar in group["radars"]:
            mine = [
                r for r in rows
                if (r["variant"], r["stance"], r["radar"]) == (group["variant"], "best-source", radar["radar"])
            ]  # fmt: skip
            assert len(mine) == radar["sectors"]
            assert sum(float(r["looks_per_day"]) for r in mine) == pytest.approx(radar["looks"], rel=1e-4)


def test_on_the_screen_it_says_what_is_known_and_what_hides(folder: Path) -> None:
    done = kalkan_cli("exposure", "raid.toml", "--days", "5", "-q", "--out", "elsewhere", cwd=folder)
    text = " ".join(done.stdout.split())
    assert "signature exposure over 5 days" in text and "after 5 days" in text
    assert "the nose of the F-35A is known to ±" in text and "what is seen are reflectors" in text
    words = ("--stance", "low", "--variant", "base", "-q", "--out", "elsewhere")
    alone = kalkan_cli("exposure", "raid.toml", *words, cwd=folder).stdout
    assert "with lenses" not in alone and "In brackets" not in alone and " to " not in alone.split("known to ±")[1][:12]


def test_the_same_as_a_function_and_in_the_app(told: dict, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    found = kalkan.exposure("raid.toml", progress=False)
    content = json.loads(json.dumps(found.content))
    assert {k: v for k, v in told.items() if k != "files"} == content
    assert found.answer[0].radars and "<svg" in found._repr_html_() and "±" in repr(found)
    out = io.StringIO()
    job = {"study": "exposure", "root": str(folder), "path": "raid.toml", "out": "out/app", "arguments": {"days": 20}}
    study(job, out)
    last = json.loads(out.getvalue().splitlines()[-1])["answer"]
    assert last["found"] == content and "exposure.json" in last["files"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--days", "0"), "--days = 0 must be a whole number from 1 to 36,500"),
        (("--variant", "lense"), '"lense" is not a variant; there are base, lenses'),
        (("--stance", "lowest"), "--stance"),
        (("--days", "soon"), '"soon" is not a whole number, such as 1000 or 1e3'),
    ],
)
def test_bad_arguments_are_told_without_a_traceback(folder: Path, words: tuple[str, ...], said: str) -> None:
    done = kalkan_cli("exposure", "raid.toml", *words, cwd=folder, code=2)
    assert said in " ".join((done.stdout + done.stderr).split())


def test_nobody_flies(tmp_path: Path) -> None:
    kalkan_cli("new", "raid.toml", cwd=tmp_path)
    done = kalkan_cli("exposure", "raid.toml", cwd=tmp_path, code=2)
    assert "hold no friends" in done.stderr and "add [[flights]]" in " ".join(done.stderr.split())


def test_a_report_has_its_section(told: dict, folder: Path) -> None:
    kalkan_cli("run", "raid.toml", "--no-unknown", "-q", cwd=folder)
    kalkan_cli("report", "out/raid", cwd=folder)
    page = html5lib.HTMLParser(strict=True).parse((folder / "out/raid/report.html").read_text())
    (section,) = [s for s in page.iter(XHTML + "section") if s.get("id") == "exposure"]
    text = " ".join("".join(section.itertext()).split())
    assert "What radars learn about friends" in text and "what is seen are reflectors" in text
    drawn = [e for e in section.iter("{http://www.w3.org/2000/svg}svg") if e.get("role") == "img"]
    assert len(drawn) == 4, "two figures, each for a page and for a phone"
    rows = [e.get("class") for e in section.iter(XHTML + "div") if "figures" in (e.get("class") or "")]
    assert rows == ["figures", "figures"], "beside each other the words in them would be six pixels high"
    assert all("var(--series-1" in "".join(e.get("style") or "" for e in svg.iter()) for svg in drawn), "light and dark"
