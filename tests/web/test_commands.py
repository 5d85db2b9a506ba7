"""`kalkan replay` and `kalkan serve`: mistakes are told, nothing is half done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kalkan.apps.web import commands, server
from kalkan.apps.web.onefile import SLOT, page
from kalkan.errors import KalkanError
from tests.web.harness import needs_app

KALKAN = str(Path(sys.executable).with_name("kalkan"))


@needs_app
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["replay", "nowhere"], "nowhere"),
        (["replay", ".", "--port", "70000"], "--port = 70000 must be a whole number from 0 to 65535"),
        (["serve", "nowhere"], "is not a folder"),
        (["serve", ".", "--port", "-1"], "--port = -1 must be a whole number"),
        (["serve", ".", "--host", "203.0.113.5"], "203.0.113.5:0 cannot be had"),
    ],
)
def test_mistakes_are_told_without_a_traceback(words, told, tmp_path):
    done = subprocess.run([KALKAN, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert told in " ".join(done.stderr.split())


def test_without_the_app_both_commands_say_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(server, "STATIC", tmp_path)
    for call in (
        lambda: commands.run_serve(tmp_path, "127.0.0.1", 0, False),
        lambda: commands.run_replay(tmp_path, None, None, None, 0, False, None),
    ):
        with pytest.raises(KalkanError, match=r"Node\.js .* npm .*make web"):
            call()


def test_a_port_in_use_is_told():
    taken = server.listen("127.0.0.1", 0)
    with pytest.raises(KalkanError, match="cannot be had: address already in use"):
        server.listen("127.0.0.1", taken.getsockname()[1])
    taken.close()


@needs_app
def test_a_page_holds_a_document_that_cannot_break_out_of_it():
    evil = '{"title":"</script><script>alert(1)</script>\u2028"}'
    made = page(evil)
    assert "<script>alert(1)" not in made and SLOT not in made
    assert r"\u003c/script>\u003cscript>alert(1)" in made
    assert "<title>&lt;/script&gt;" in made
