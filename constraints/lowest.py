"""Print the lowest versions that pyproject.toml allows, as constraints for pip: what ``make lowest`` installs."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def pins(requirements: Iterable[str]) -> Iterator[str]:
    """``name==1.2`` for ``name>=1.2``; one without a lower bound is an error."""
    for requirement in requirements:
        found = re.fullmatch(r"([A-Za-z0-9._-]+)>=([0-9.]+)(,.*)?", requirement.replace(" ", ""))
        if found is None:
            raise ValueError(f"{requirement}: has no lower bound")
        yield f"{found[1]}=={found[2]}"


def main() -> None:
    """Print them, one a line."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    sys.stdout.write("\n".join(pins(project["dependencies"])) + "\n")


if __name__ == "__main__":
    main()
