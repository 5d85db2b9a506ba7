"""One wave of a campaign in the app: its address, its document, its coverage, and the choice of another one."""

import pytest
from playwright.sync_api import expect

import kalkan
from kalkan.scenario import parse, starter
from tests.exports.test_waves import CAMPAIGN
from tests.web.browsing import Server, open_replay, replay_address
from tests.web.harness import client, needs_app, needs_browser


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace with a finished campaign."""
    made = tmp_path_factory.mktemp("waves")
    (made / "raid.toml").write_text(starter("small") + CAMPAIGN, encoding="utf-8")
    kalkan.run(parse(starter("small") + CAMPAIGN), replications=3, out=made / "out" / "raid", unknown=False)
    return made


@pytest.fixture(scope="module")
def app(place):
    return client(place)


def test_a_document_is_of_the_wave_that_is_asked_for(app):
    asked = "/api/replay?path=out%2Fraid&variant=base&replication=1"
    first, second = app.get(asked).json(), app.get(f"{asked}&wave=night%202").json()
    assert (first["wave"], second["wave"]) == ("night 1", "night 2")
    assert first["waves"] == second["waves"] == ["night 1", "night 2"]
    assert second["series"]["rounds"] != first["series"]["rounds"]
    assert all(max(r["n"]) <= r["of"] for d in (first, second) for r in d["series"]["rounds"])
    refused = app.get(f"{asked}&wave=day")
    assert refused.status_code == 422
    assert "there are night 1, night 2" in refused.json()["problems"][0]["message"]


def test_choices_tell_the_leakers_of_each_wave(app):
    for variant in app.get("/api/choices?path=out%2Fraid").json()["variants"]:
        assert [w["name"] for w in variant["waves"]] == ["night 1", "night 2"]
        assert [sum(n) for n in zip(*(w["leakers"] for w in variant["waves"]), strict=True)] == variant["leakers"]
        assert [n.split(": ")[0] for n in variant["threats"]] == variant["wave_of"]


def test_coverage_of_a_campaign(app, place):
    look = {"shows": "sight", "target": "", "height_m": 500.0, "above": "ground", "variant": "base"}
    stored = app.post("/api/coverage/stored", json={**look, "path": "out/raid", "wave": "night 2"})
    text = (place / "raid.toml").read_text(encoding="utf-8")
    drawn = app.post("/api/coverage", json={**look, "path": "raid.toml", "text": text, "variant": ""})
    checked = app.post("/api/check", json={"path": "raid.toml", "text": text})
    assert [r.status_code for r in (stored, drawn, checked)] == [200, 200, 200], (stored.text, drawn.text, checked.text)
    assert stored.json()["png"] == drawn.json()["png"]
    assert app.post("/api/coverage/stored", json={**look, "path": "out/raid", "wave": "day"}).status_code == 422


@needs_app
def test_one_page_holds_the_wave(app):
    page = app.get("/api/onefile?path=out%2Fraid&variant=base&replication=1&wave=night%202")
    assert page.status_code == 200
    assert '"wave":"night 2"' in page.text


@needs_browser
def test_another_wave_is_chosen(place, visit):
    site = Server("serve", ".", cwd=place)
    try:
        page = visit()
        open_replay(page, replay_address(site, replication=1))
        heading = page.locator(".bar h1")
        expect(heading).to_contain_text("replication 1 · night 1 ·")
        page.select_option(".chooser select[aria-label=Wave]", "night 2")
        expect(heading).to_contain_text("replication 1 · night 2 ·")
        assert page.url.endswith("/replay/out%2Fraid/base/1/night%202")
        page.select_option(".chooser select[aria-label=Replication]", "2")
        expect(heading).to_contain_text("replication 2 · night 2 ·")
        page.select_option(".chooser select[aria-label=Variant]", "plain")
        expect(heading).to_contain_text("cut off · replication 2 · night 2 ·")
        page.reload()
        expect(heading).to_contain_text("cut off · replication 2 · night 2 ·")
    finally:
        site.end()
