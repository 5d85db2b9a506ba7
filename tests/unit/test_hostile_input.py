"""Input that would hang, exhaust or steer the machine is refused in the user's words, at once and with the figure."""

import io
import time
from pathlib import Path

import numpy as np
import pytest

from kalkan.apps import screen
from kalkan.compile import compile_scenario
from kalkan.errors import ProblemsError, printable
from kalkan.kernels import state
from kalkan.scenario import load, parse
from kalkan.scenario.checks.capacities import state_bytes
from kalkan.scenario.reading.files import read_text
from kalkan.views.studies.inquiry import power_of_two

RAID = """
[[assets]]
name = "town"
position = [39.0, 33.0]
value = 1
[[raids]]
name = "raid"
type = "f-16c"
count = 2
route = [{ position = [37.6, 33.0], altitude = "9 km MSL" }, { position = [39.0, 33.0], altitude = "9 km MSL" }]
aim = "town"
"""
SYSTEM = '[[systems]]\nname = "s{0}"\ntype = "s-400"\nposition = [{1:.4f}, 33.0]\n'


def defended(n, more=""):
    return RAID + "".join(SYSTEM.format(i, 38 + i * 1e-3) for i in range(n)) + more


def answer(text):
    with pytest.raises(ProblemsError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize("separator", [".", " . ", '."".'])
def test_a_long_dotted_key_is_answered_at_once(separator):
    begun = time.perf_counter()
    assert "nested too deeply" in answer(separator.join("a" * 60_000) + " = 1")
    assert time.perf_counter() - begun < 5.0


def test_many_names_with_dots_in_a_text_are_no_key():
    assert parse(defended(1, f'[variants.two]\nlabel = "{"x. " * 400}"\n')).variants


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_file_without_an_end_is_too_large():
    with pytest.raises(ProblemsError, match="larger than 5 MB"):
        read_text(Path("/dev/zero"))


def test_the_estimate_of_memory_is_what_the_loop_takes():
    scenario = parse(defended(40))
    plan = compile_scenario(scenario, scenario.catalogue).plan
    told = state_bytes(plan.pictures.size, plan.units.size, plan.radars.size, plan.study.max_tracks)
    assert told == pytest.approx(_bytes(state.allocate(plan, 1000)), rel=0.1)


def _bytes(part):
    if isinstance(part, np.ndarray):
        return part.nbytes
    return sum(map(_bytes, part)) if isinstance(part, tuple) else 0


def test_more_systems_than_a_machine_has_room_for_are_refused_with_the_estimate():
    """1500 posts, 300 tracks each, 6000 radars and 3000 units: 1500 x 300 x (900 + 16 x 6000 + 8 x 3000) B."""
    told = answer(defended(1500))
    assert f"need about {1500 * 300 * 120_900 / 2**30:.0f} GiB of memory" in told and "fewer systems" in told
    assert parse(defended(100)).systems


def test_tracks_that_the_scenario_assumes_count():
    assert "tracks each" in answer(defended(100, "[assume.55k6e]\ntargets_tracked = 100000\n"))


ESCAPES = ["\x1b[31m", "\x9b31m", "\x07", "\u202e"]


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("where", ['title = "{}"\n{}', '{1}[variants.two]\nlabel = "{0}"\n', 'about = "{}"\n{}'])
def test_a_text_that_steers_a_terminal_is_refused(where, escape):
    written = "".join(f"\\u{ord(c):04x}" if not c.isascii() or ord(c) < 32 else c for c in escape)
    assert f"U+{ord(escape[0]):04X}" in answer(where.format(written, defended(1)))


@pytest.mark.parametrize("escape", ESCAPES)
def test_what_a_folder_holds_does_not_steer_the_terminal(escape):
    """A title of a folder that somebody handed over reaches the terminal as text."""
    console = screen.screen()
    console.file = io.StringIO()
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"a{escape}b")
    table.add_row(Text(f"c{escape}d"), f"e{escape}f")
    console.print(table)
    console.print(Text(f"g{escape}h"), style="dim", markup=False)
    shown = console.file.getvalue()
    assert escape[0] not in shown and "d" in shown and "h" in shown


def test_an_error_does_not_steer_the_terminal(tmp_path):
    with pytest.raises(ProblemsError) as caught:
        load(tmp_path / "a\x1b[31m.toml")
    assert "\x1b" in str(caught.value) and "\x1b" not in printable(str(caught.value))


@pytest.mark.parametrize("base, told", [(131_072, "up to 65536"), (3, "a power of 2"), (-2, "a power of 2")])
def test_a_sample_that_is_too_large_is_not_called_no_power_of_two(base, told):
    with pytest.raises(ProblemsError, match=told):
        power_of_two(base)
