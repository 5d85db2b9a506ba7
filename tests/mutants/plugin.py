"""For pytest in a mutant's process: it must run the copy, and tells how each test ended.

Fly-out tables take seconds to make uncompiled, so they are kept between the processes of one run of mutants: under the
text of the modules that make them, so that a mutant in these has its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from pathlib import Path

import pytest

_ended: dict[str, str] = {}
MAKE_FLY_OUTS = ("models/flyout.py", "models/atmosphere.py", "jit.py")


def pytest_configure(config: pytest.Config) -> None:
    import kalkan

    if not Path(kalkan.__file__).is_relative_to(os.environ["KALKAN_MUTANT"]):
        raise pytest.UsageError(f"runs {kalkan.__file__}, not the copy in {os.environ['KALKAN_MUTANT']}")
    _keep_fly_outs(Path(kalkan.__file__).parent, Path(os.environ["KALKAN_FLY_OUTS"]))


def _keep_fly_outs(source: Path, folder: Path) -> None:
    from kalkan.models import flyout

    made_by, build = b"".join((source / name).read_bytes() for name in MAKE_FLY_OUTS), flyout.build

    def kept(*given: object, **named: object) -> flyout.FlyoutTable:
        key = hashlib.sha256(made_by + repr((given, sorted(named.items()))).encode()).hexdigest()
        path = folder / f"{key}.pickle"
        if not path.is_file():
            scratch = folder / f"{key}.{os.getpid()}"
            scratch.write_bytes(pickle.dumps(build(*given, **named)))
            scratch.replace(path)
        return pickle.loads(path.read_bytes())

    flyout.build = kept


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.failed:
        asserted = call.when == "call" and call.excinfo.errisinstance((AssertionError, pytest.fail.Exception))
        _ended[item.nodeid] = "asserted" if asserted else f"{report.when}: {call.excinfo.exconly()[:300]}"
    elif report.skipped:
        _ended[item.nodeid] = "skipped"
    elif report.when == "call":
        _ended[item.nodeid] = "passed"
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    told = whole_tests(_ended) | _ended
    Path(os.environ["KALKAN_OUTCOMES"]).write_text(json.dumps(told), encoding="utf-8")


def whole_tests(ended: dict[str, str]) -> dict[str, str]:
    """How tests with several cases ended as a whole: passed if all did, noticed if one noticed, else the fault."""
    cases: dict[str, set[str]] = {}
    for node, how in ended.items():
        cases.setdefault(node.partition("[")[0], set()).add(how)
    return {
        test: "asserted" if "asserted" in found else min(found - {"passed"}, default="passed")
        for test, found in cases.items()
    }
