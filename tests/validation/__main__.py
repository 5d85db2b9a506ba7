"""Run the tests of every chapter and write the page: ``make validation``."""

from __future__ import annotations

import sys
import tempfile

import pytest
from hypothesis import settings

from tests.validation.entries import chapters
from tests.validation.page import PAGE, write
from tests.validation.plugin import Watch


def main() -> int:
    """0 where all tests passed and the page is written."""
    settings.register_profile("page", derandomize=True)
    settings.load_profile("page")  # the same random inputs each time
    watch = Watch()
    files = list(dict.fromkeys(f for c in chapters() for f in c.files))
    with tempfile.TemporaryDirectory() as folder:
        sys.pycache_prefix = folder  # tests compiled before do not tell of what they assert
        failed = pytest.main(["-q", "-o", "enable_assertion_pass_hook=true", *files], plugins=[watch])
    if not failed:
        write(watch.findings)
        print(PAGE)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
