"""The sources that decide what is computed: which they are, and what identifies them.

Two questions are asked of them. *May replications be added to these results?* Only by the same engine: all code
that the loop is compiled from, with the versions of its compiler (:func:`engine_identity`). *Would the same
question be given the same plan and the same measures without asking it again?* Surely where all code that computes
anything is the same, with its libraries and the machine (:func:`code_identity`). Would the same plan yield the same
measures? Where the engine is the same, and the code that counts what it records (:func:`counting_identity`). All are
taken once in a process, of what it has loaded. Nothing here imports numba.
"""

from __future__ import annotations

import functools
import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent
# what the loop is compiled from
ENGINE = (
    "arrays", "jit", "linking", "byref", "schema", "kept", "names", "units", "money", "earth", "models", "tracking",
    "kernels", "supply", "campaign",
)  # fmt: skip
COMPILED = (*ENGINE, "cover", "machine_code")  # everything that is compiled, and how it is kept
COUNTING = ("engine", "results")  # what hands plans to the loop and counts what it records
TELLING = ("apps", "exports", "views")  # rooms that only tell what others have computed
COMPILER = ("numba", "llvmlite")
LIBRARIES = (*COMPILER, "numpy", "scipy", "pyproj", "rasterio")


def files_of(rooms: Iterable[str]) -> list[Path]:
    """All sources of some rooms, their sub-folders among them; a room may be a single file."""
    found: list[Path] = []
    for room in rooms:
        alone = (ROOT / room).with_suffix(".py")
        found += [alone] if alone.is_file() else sorted((ROOT / room).rglob("*.py"))
    return found


def computing() -> list[Path]:
    """All sources but those of the rooms that only tell."""
    return sorted(p for p in ROOT.rglob("*.py") if p.relative_to(ROOT).parts[0] not in TELLING)


def digest_of(paths: Iterable[Path], *also: str) -> str:
    """Hash [16 hex digits] of sources with their places, and of more words."""
    digest = hashlib.sha256("\n".join(also).encode())
    for path in paths:
        digest.update(f"\n{path.relative_to(ROOT).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def engine_identity() -> str:
    """Hash [16 hex digits] of all code that the loop is compiled from, and of its compiler."""
    return digest_of(files_of(ENGINE), platform.python_version(), *_versions(COMPILER))


@functools.cache
def counting_identity() -> str:
    """Hash [16 hex digits] of all code between a plan and the measures of its replications, the loop left aside."""
    return digest_of(files_of(COUNTING), *_versions(("numpy", "scipy")))


@functools.cache
def code_identity() -> str:
    """Hash [16 hex digits] of all code that computes anything, of its libraries, and of the machine."""
    return digest_of(computing(), platform.python_version(), machine(), *_versions(LIBRARIES))


def machine() -> str:
    """Kind of machine on which floating-point results are the same to the last bit."""
    import llvmlite.binding

    return f"{platform.system()} {platform.machine()} {llvmlite.binding.get_host_cpu_name()}"


def versions_here() -> dict[str, str]:
    """Versions of Python, of kalkan and of the libraries that results may depend on."""
    return {"python": platform.python_version(), **{p: version(p) for p in ("kalkan", *LIBRARIES, "zarr")}}


def _versions(packages: Iterable[str]) -> list[str]:
    return [f"{name} {version(name)}" for name in packages]
