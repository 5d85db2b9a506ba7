"""Commands as a user who may write nothing but what is his, though tests run as root."""

from __future__ import annotations

import os
import shutil

import pytest

READS = "dac_read_search"  # whoever reads everything, as root's caches and environments


def unprivileged(words: list[str]) -> list[str]:
    """The command as a plain user runs it, who may read everything."""
    if os.getuid() != 0:
        return words
    return [
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", f"--inh-caps=+{READS}",
        f"--ambient-caps=+{READS}", f"--bounding-set=-all,+{READS}", *words,
    ]  # fmt: skip


needs_a_plain_user = pytest.mark.skipif(
    not hasattr(os, "getuid") or (os.getuid() == 0 and shutil.which("setpriv") is None),
    reason="no way to be a user who may not write",
)
