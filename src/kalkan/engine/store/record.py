"""``run.json``, which says what was run: written with a checksum, and taken for nothing else than what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kalkan.engine.identity import facts_as_booked
from kalkan.errors import DamagedError, StoreError
from kalkan.files import write_whole

RUN = "run.json"
FORMAT = 2
UNSEALED = 1  # the form before there were checksums
CHECKSUM = "checksum"
_TOLD: dict[str, type] = {
    "title": str, "seed": int, "replications": int, "catalogue": str, "engine": str, "versions": dict,
    "variants": dict,
}  # fmt: skip
_OF_VARIANT: dict[str, type] = {"label": str, "identity": str}
_OF_PLAN: dict[str, type] = {"labels": dict, "sizes": dict, "attrs": dict}  # once it is compiled: all of them


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the checksum of all the rest, last."""
    rest = {k: v for k, v in content.items() if k != CHECKSUM}
    return rest | {CHECKSUM: _checksum(rest)}


def is_sound(content: Mapping[str, Any]) -> bool:
    """Whether content is as it was sealed."""
    return content.get(CHECKSUM) == _checksum({k: v for k, v in content.items() if k != CHECKSUM})


def _checksum(content: Mapping[str, Any]) -> str:
    """BLAKE2b [32 hex digits] of plain data: values and their order, however they are laid out in a file."""
    plain = json.loads(json.dumps(content, allow_nan=False))
    return hashlib.blake2b(json.dumps(plain, separators=(",", ":")).encode(), digest_size=16).hexdigest()


def write_run(folder: Path, run: Mapping[str, Any]) -> dict[str, Any]:
    """Write ``run.json`` whole or not at all; what it holds."""
    content = sealed({**run, "format": FORMAT})
    write_whole(folder / RUN, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))
    return content


def read_run(folder: Path) -> dict[str, Any]:
    """What was run.

    Raises
    ------
    StoreError
        There is no such folder, it was not made by kalkan, or by a newer kalkan, or the file cannot be read.
    DamagedError
        It does not say what was written.
    """
    file = folder / RUN
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        what = f"is not a kalkan results folder (no {RUN})" if folder.is_dir() else "does not exist"
        raise StoreError(f"{folder} {what}") from None
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(file, str(error)) from error
    if not isinstance(run, dict) or run.get("format") not in (UNSEALED, FORMAT):
        raise StoreError(_unknown_format(folder, run if isinstance(run, dict) else {}))
    if run["format"] == FORMAT and not is_sound(run):
        raise _damaged(file, "content and checksum differ")
    if wrong := _wrong(run):
        raise _damaged(file, wrong)
    return run


def _wrong(run: Mapping[str, Any]) -> str:
    """What a run lacks, or what is of another kind than it should be; of an unsealed one also whether facts are."""
    if wrong := _misses(run, _TOLD):
        return wrong
    for name, about in run["variants"].items():
        if not isinstance(about, dict):
            return f'variant "{name}" is no table'
        compiled = any(key in about for key in (*_OF_PLAN, "plan"))
        if wrong := _misses(about, _OF_VARIANT | (_OF_PLAN if compiled else {})):
            return f'variant "{name}": {wrong}'
        if run["format"] == UNSEALED and not facts_as_booked(about):
            return f'variant "{name}": names, costs or values are not those of the plan that was run'
    return ""


def _misses(content: Mapping[str, Any], wanted: Mapping[str, type]) -> str:
    for key, kind in wanted.items():
        if key not in content:
            return f'"{key}" is missing'
        if not isinstance(content[key], kind) or isinstance(content[key], bool):
            return f'"{key}" is {content[key]!r:.40}'
    return ""


def _damaged(file: Path, why: str) -> DamagedError:
    return DamagedError(
        f"{file} is damaged ({why}); bring it back from a copy, or run again with --out {file.parent} --overwrite"
    )


def _unknown_format(path: Path, run: Mapping[str, Any]) -> str:
    """Why a folder cannot be read, and who could."""
    made = run.get("versions", {}).get("kalkan") if isinstance(run.get("versions"), dict) else None
    by = f"kalkan {made}" if made else "another version of kalkan"
    return (
        f"{path} was written by {by} in a form that this version does not know "
        f"(format {run.get('format', 'unknown')}, not {FORMAT}); read it with that one, or run again with --overwrite"
    )
