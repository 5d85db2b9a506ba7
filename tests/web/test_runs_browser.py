"""Runs in the app: started, watched, stopped, compared."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

from tests.web.browsing import KALKAN, PATIENCE_MS, Server, open_editor
from tests.web.harness import needs_browser

pytestmark = needs_browser


def test_a_run_is_started_watched_and_looked_at(folder, site, visit):
    page = visit()
    (folder / "quick.toml").write_text((folder / "raid.toml").read_text())
    open_editor(page, site, "quick.toml")
    page.fill("input[type=number]", "24")
    page.click("button:has-text('Run')")
    page.wait_for_selector(".run progress")
    page.reload()  # the run goes on, and is still there
    page.wait_for_selector(".run.finished", timeout=180_000)
    assert page.locator(".run .numbers tbody tr").count() >= 4
    assert "24" in page.inner_text(".run .numbers thead")
    page.click(".run >> text=Results")
    page.wait_for_selector(".results .numbers")
    assert "2 variants × 24 replications" in page.inner_text(".heading")
    shown = subprocess.run([KALKAN, "show", "out/quick"], cwd=folder, check=True, capture_output=True, text=True).stdout
    first = page.locator(".results .numbers >> nth=0").locator("tbody tr >> nth=0").locator("td >> nth=0").inner_text()
    assert first in shown
    page.wait_for_selector(".pictures img")
    results = json.loads(page.request.get(f"{site.home}api/results?path=out%2Fquick").body())
    assert page.locator(".findings li").all_inner_texts() == [told.replace("**", "") for told in results["findings"]]
    assert "slow radar" in page.inner_text(".findings li >> nth=0")  # what differs comes first, in the table too
    heads = page.locator(".results .numbers >> nth=0").locator("th").all_inner_texts()
    assert heads[1].startswith("slow radar\n− base")
    drawn = "all => all.map((i) => [i.alt.split('.')[0], i.complete && i.naturalWidth > 100])"
    pictures = page.locator(".pictures img").evaluate_all(drawn)
    assert pictures == [["Leakers in single replications", True], ["Laydown of base and slow radar", True]]
    with page.expect_download(timeout=PATIENCE_MS) as coming:
        page.click("text=Save report")
    report = Path(coming.value.path()).read_text(encoding="utf-8")
    assert coming.value.suggested_filename == "quick-report.html"
    assert "One site, one raid" in report and "How to reproduce this" in report and "src=\"http" not in report
    page.wait_for_selector("button:has-text('Save report'):enabled")
    page.click(".watch >> text=worst >> nth=0")
    page.wait_for_selector("html[data-ready=replay]")


def test_runs_queue_and_can_be_stopped(folder, site, visit):
    page = visit()
    (folder / "long.toml").write_text((folder / "raid.toml").read_text())
    headers = {"content-type": "application/json"}
    for n in (200_000, 10):
        sent = json.dumps({"path": "long.toml", "replications": n, "overwrite": True})
        assert page.request.post(f"{site.home}api/runs", data=sent, headers=headers).status == 201
    open_editor(page, site, "long.toml")
    page.wait_for_selector(".run.running progress")
    assert page.locator(".run.waiting").count() == 1
    page.click(".run.waiting >> text=Stop")
    page.wait_for_function("() => parseInt(document.querySelector('.run.running .progress span').innerText) > 0")
    page.click(".run.running >> text=Stop")
    page.wait_for_function("() => document.querySelectorAll('.run.cancelled').length === 2", timeout=PATIENCE_MS)
    assert "run again to go on" in page.inner_text(".runs")


def test_two_runs_are_compared(folder, site, visit):
    if not (folder / "out/other").exists():
        words = [KALKAN, "run", "raid.toml", "-q", "--replications", "4", "--out", "out/other"]
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
    page = visit()
    page.goto(site.home)
    page.wait_for_selector("button:has-text('Compare')")
    page.select_option("label:has-text('Compare') select >> nth=0", "out/raid")
    page.select_option("label:has-text('with') select >> nth=-1", "out/other")
    page.click("button:has-text('Compare')")
    page.wait_for_selector(".results .numbers")
    assert "[A]" in page.inner_text(".results .numbers thead >> nth=0")


def test_ctrl_c_ends_the_server_and_the_run_at_work_and_keeps_what_is_done(folder, browser):
    (folder / "broken-off.toml").write_text((folder / "raid.toml").read_text())
    server = Server("serve", ".", cwd=folder)
    page = browser.new_page()
    sent = json.dumps({"path": "broken-off.toml", "replications": 200_000})
    page.request.post(f"{server.home}api/runs", data=sent, headers={"content-type": "application/json"})
    done = 0
    while not done:
        time.sleep(0.3)
        done = page.request.get(f"{server.home}api/runs").json()["runs"][0]["done"]
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    server.end()  # within its patience
    left = 100
    while left and any(Path(f"/proc/{pid}").exists() for pid in children):
        time.sleep(0.2)
        left -= 1
    assert children and left
    kept = subprocess.run([KALKAN, "show", "out/broken-off", "--json"], cwd=folder, check=True, capture_output=True)
    assert json.loads(kept.stdout)["replications"]["finished"] > 0
    page.close()


def test_older_results_are_kept_unless_asked_otherwise(folder, site, visit):
    """A changed scenario gets a folder of its own; the same one goes on; and the box replaces."""
    page, text = visit(), (folder / "raid.toml").read_text()
    (folder / "kept.toml").write_text(text)
    open_editor(page, site, "kept.toml")
    assert not page.is_checked("label:has-text('replace older results') input")

    def run(n):
        page.fill("input[type=number]", str(n))
        page.click("form.line button[type=submit]")
        page.wait_for_selector(f".run.finished >> nth={run.done}")
        run.done += 1
        return page.inner_text(".run >> nth=0")

    run.done = 0
    assert "out/kept\n" in run(4)
    assert "8 of 8" in run(4)  # all there already
    first = sorted(p.read_bytes() for p in (folder / "out/kept").glob("ledger.jsonl"))
    page.evaluate("() => window.kalkanEditor.replace(window.kalkanEditor.text.replace('count = ', 'count = 1'))")
    page.wait_for_selector(".problems .good")
    assert "out/kept-2" in run(4)
    assert sorted(p.read_bytes() for p in (folder / "out/kept").glob("ledger.jsonl")) == first
    page.check("label:has-text('replace older results') input")
    assert "out/kept\n" in run(4)
    assert sorted(p.read_bytes() for p in (folder / "out/kept").glob("ledger.jsonl")) != first


def test_ctrl_c_with_pages_open_ends_at_once_and_says_nothing(folder, browser):
    """A page that listens for news is let go; without that the server waits, then complains."""
    server = Server("serve", ".", cwd=folder)
    page = browser.new_page()
    open_editor(page, server)
    begin = time.monotonic()
    server.process.send_signal(signal.SIGINT)
    _, errors = server.process.communicate(timeout=20)
    assert time.monotonic() - begin < 1.9 and errors == ""
    page.close()


def test_a_study_is_asked_in_its_own_words_and_answers_in_a_table(folder, site, visit):
    """Its fields are those that the server describes; nothing about it is written in the browser."""
    page = visit()
    (folder / "asked.toml").write_text((folder / "raid.toml").read_text())
    open_editor(page, site, "asked.toml")
    paths = page.request.get(f"{site.home}api/openapi.json").json()["paths"]
    studies = [p.split("/")[-1] for p in paths if p.startswith("/api/studies/") and "post" in paths[p]]
    page.wait_for_selector("form.study option >> nth=1", state="attached")
    assert page.locator("form.study option").evaluate_all("all => all.map((o) => o.value)") == ["", *studies]
    page.select_option("form.study select", "sweep")
    assert "Vary one or two" in page.inner_text("form.study .note")
    page.fill("form.study textarea >> nth=0", "doctrine.standard.salvo=1,2")
    page.fill("form.study label:has-text('replications') input", "4")
    page.click("form.study >> text=Ask")
    page.wait_for_selector(".run.finished .found tbody tr", timeout=180_000)
    assert page.locator(".found tbody tr").count() == 2
    assert "4 replications at each point" in page.inner_text(".found .note")
