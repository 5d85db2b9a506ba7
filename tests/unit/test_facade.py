"""The façade: exactly these names, each loaded when it is first used."""

import subprocess
import sys

import pytest

import kalkan
from kalkan.operations import OPERATIONS


def test_the_names_are_the_operations_in_order():
    """Which these are, and where: see test_operations."""
    assert kalkan.__all__ == ["__version__", *sorted(o.name for o in OPERATIONS)]
    assert dir(kalkan) == kalkan.__all__
    assert all(getattr(kalkan, name) is not None for name in kalkan.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        _ = kalkan.simulate


@pytest.mark.parametrize(
    "use", ["", "kalkan.load", "kalkan.check('none.toml')", "kalkan.explain('s-400')", "kalkan.timeline()"]
)
def test_light_names_do_not_load_what_is_heavy(use):
    heavy = "('numba', 'scipy', 'xarray', 'zarr')"
    code = f"import sys, kalkan\n{use}\nprint([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_check_gives_problems_and_explain_prints_as_text(tmp_path):
    from kalkan.scenario import starter

    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(starter("small"))
    bad.write_text(starter("small").replace("count = 16", "count = 0"))
    assert not kalkan.check(good) and repr(kalkan.check(good)) == "no problems"
    assert len(kalkan.check(bad)) == 1 and "count" in repr(kalkan.check(bad))
    assert "S-400" in repr(kalkan.explain("s-400"))
    assert "contradict" in repr(kalkan.timeline("second_batch")) and kalkan.timeline()["statements"]


def test_results_show_themselves(tmp_path):
    from toy_engine import simulate

    results = kalkan.open_results(simulate(tmp_path / "out"))
    text = repr(results)
    assert text.startswith("One site, one raid — 2 variants × 40 replications")
    assert "leakers of 6" in text and "why they leaked" in text and "(paired)" in text
    assert all(len(line) <= 100 for line in text.splitlines())
    page = results._repr_html_()
    assert page.count("<table>") >= 4 and "leakers of 6" in page
    both = kalkan.compare(results, tmp_path / "out")
    assert "both runs have seed 7: differences are paired over the 40" in repr(both)
