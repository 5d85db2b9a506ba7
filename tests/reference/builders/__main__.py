"""Make reference files again: ``python -m tests.reference.builders [--write] [file ...]``, such as ``m_of_n``."""

from __future__ import annotations

import argparse
import sys

from tests.reference.builders import builders
from tests.reference.builders.files import differences, missing_programs, rebuilt, write


def main() -> int:
    """Exit code 1 if a file is not what its builder makes of it."""
    known = builders()
    parser = argparse.ArgumentParser(prog="python -m tests.reference.builders", description=__doc__)
    parser.add_argument("files", nargs="*", choices=[[], *known], metavar="file", help="default: all")
    parser.add_argument("--write", action="store_true", help="write what was made; else only compare")
    asked, worst = parser.parse_args(), 0
    for name in asked.files or known:
        lacking = missing_programs(known[name])
        if lacking:
            print(f"{name}: needs {', '.join(lacking)}")
            continue
        found = differences(name, known[name])
        print(f"{name}: {'as built' if not found else '; '.join(found[:3])}")
        worst = max(worst, int(bool(found)))
        if asked.write:
            write(name, rebuilt(name, known[name]))
    return 0 if asked.write else worst


if __name__ == "__main__":
    sys.exit(main())
