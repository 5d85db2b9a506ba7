"""Watch the comparisons that tests make: pytest's `approx`, NumPy's, and bounds on deviations."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from tests.validation.bounds import book
from tests.validation.comparisons import Findings, within

TESTS = Path(__file__).parents[1]
HERE = str(Path(__file__).parent)
Scalar = type(pytest.approx(1.0))
NUMBER = int | float | complex | np.number


class Watch:
    """A pytest plugin that books what every test under a folder compares, by ``file::function``."""

    def __init__(self, folder: Path = TESTS) -> None:
        self.findings: dict[str, Findings] = {}
        self._folder = str(folder)
        self._now: Findings | None = None
        self._patch = pytest.MonkeyPatch()

    # -- which test runs ---------------------------------------------------------------
    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._now = self.findings.setdefault(item.nodeid.partition("[")[0], Findings())
        try:
            return (yield)
        finally:
            self._now = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self._now and report.skipped and isinstance(report.longrepr, tuple):
            self._now.skipped = report.longrepr[2].removeprefix("Skipped: ")
        elif self._now and report.when == "call" and report.passed:
            self._now.cases += 1

    # -- what it compares ----------------------------------------------------------------
    def pytest_assertion_pass(self, lineno: int, orig: str) -> None:
        frame = self._test_frame()
        if self._now and frame:
            book(orig, lineno, frame, self._now)

    def pytest_sessionstart(self) -> None:
        equal = Scalar.__eq__
        self._patch.setattr(Scalar, "__eq__", lambda a, x: self._approx(a, x) or equal(a, x))
        for owner, name, loose in (
            (np.testing, "assert_allclose", {"rtol": 1e-7, "atol": 0.0}),
            (np, "allclose", {"rtol": 1e-5, "atol": 1e-8}),
            (np.testing, "assert_array_equal", {}),
            (np, "array_equal", {}),
        ):
            self._patch.setattr(owner, name, self._watched(getattr(owner, name), loose))

    def pytest_sessionfinish(self) -> None:
        self._patch.undo()

    def _is_test(self, frame: FrameType) -> bool:
        file = frame.f_code.co_filename
        return file.startswith(self._folder) and not file.startswith(HERE)

    def _test_frame(self) -> FrameType | None:
        """The innermost frame of a test's file; none while pytest only puts a comparison into words."""
        frame: FrameType | None = sys._getframe(1)
        while frame and not self._is_test(frame):
            frame = None if frame.f_code.co_name == "pytest_assertrepr_compare" else frame.f_back
        return frame

    def _approx(self, approx: Any, actual: Any) -> None:
        frame = self._test_frame()
        if not (self._now and frame and isinstance(approx.expected, NUMBER) and isinstance(actual, NUMBER)):
            return  # of an array each value comes by itself
        tolerance, expected = approx.tolerance, approx.expected
        share = abs(actual - expected) / tolerance if tolerance and np.isfinite(expected) else 0.0
        relative = approx.rel if approx.abs is not None else approx.rel or approx.DEFAULT_RELATIVE_TOLERANCE
        by_rel = relative is not None and tolerance == relative * abs(expected)
        kind, size = ("rel", relative) if by_rel else ("abs", tolerance)
        self._now.add(frame.f_lineno, kind, float(share), float(size))

    def _watched(self, compare: Callable[..., Any], loose: dict[str, float]) -> Callable[..., Any]:
        def watched(actual: Any, expected: Any, *args: Any, **given: Any) -> Any:
            caller = sys._getframe(1)
            if self._now and self._is_test(caller):
                self._close(caller.f_lineno, actual, expected, loose | given if loose else None)
            return compare(actual, expected, *args, **given)

        return watched

    def _close(self, at: int, actual: Any, expected: Any, given: dict[str, Any] | None) -> None:
        assert self._now
        if given is None:
            self._now.add(at, "equal", 0.0, 0.0, np.size(expected))
        elif found := within(actual, expected, given["rtol"], given["atol"]):
            self._now.add(at, found[1], found[0], found[2], found[3])
