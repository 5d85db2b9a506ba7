"""What a scenario of the app calls terrain reads nothing outside the workspace and asks no network."""

from __future__ import annotations

import pytest

from tests.unit.rasters import band, hill, source, vrt, write
from tests.unit.test_virtual import RAW, WMS, web
from tests.web.harness import client, workspace

__all__ = ["web"]  # a fixture


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "served").mkdir()
    made = workspace(tmp_path / "served")
    write(tmp_path / "secret.tif", *hill())
    write(made / "hill.tif", *hill())
    return made


def asked_of(folder, name, path):
    """What the server answers about a scenario over a terrain."""
    text = (folder / "raid.toml").read_text()
    rest = "\n".join(line for line in text.splitlines() if not line.startswith(("[region]", "terrain")))
    sent = {"path": "raid.toml", "text": f'{rest}\n[region]\nterrain = "{name}"\n'}
    with client(folder) as visitor:
        return visitor.post(path, json=sent)


@pytest.mark.parametrize("path", ["/api/ground", "/api/coverage"])
@pytest.mark.parametrize("name", ["raw.vrt", "out.vrt", "url.vrt", "wms.tif", "../secret.tif", "/vsicurl/x.tif"])
def test_terrain_elsewhere_is_a_problem_and_nothing_is_asked(folder, web, name, path):
    url, asked = web
    raw = 'dataType="Int16" subClass="VRTRawRasterBand"'
    vrt(folder / "raw.vrt", band(RAW.format(folder.parent / "secret.tif"), raw))
    vrt(folder / "out.vrt", band(source("../secret.tif")))
    vrt(folder / "url.vrt", band(source(f"/vsicurl/{url}/x.tif", 0)))
    (folder / "wms.tif").write_text(WMS.format(url=url))
    answer = asked_of(folder, name, path)
    assert 400 <= answer.status_code < 500 and answer.json()["problems"], answer.text
    assert asked == []


def test_a_vrt_of_the_workspace_is_shown(folder):
    vrt(folder / "fine.vrt", band(source("hill.tif")))
    answer = asked_of(folder, "fine.vrt", "/api/ground")
    assert answer.status_code == 200 and answer.json()["relief"].startswith("data:image/png")
