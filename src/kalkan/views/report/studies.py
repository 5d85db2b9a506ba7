"""Studies about what is not known, as a run's folder may hold them: the JSON that their commands print.

A study belongs to a report if its file lies in ``studies`` of the run's folder, or beside it in a folder
of the same name with ``-studies``, and has the title of the run.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from kalkan.views.report.material import Material

StoredStudy = dict[str, Any]
_ADVICE = re.compile(r" \(kalkan [^()]*\)")
KEYS = {
    "propagation": {"draws", "replications_per_draw", "share", "variants", "differences", "drivers"},
    "sensitivity": {"of", "answer", "quantities"},
    "sweep": {"over", "points"},
    "saturation": {"times", "curves"},
    "exposure": {"exposed", "aircraft", "sectors"},
}


def studies(material: Material, kind: str) -> list[StoredStudy]:
    """Studies of one kind, a key of :data:`KEYS`, by name of the file.

    A study that lies there twice is told once. A file of another scenario, or one that cannot be read, is left out
    with a note.
    """
    run = material.results.path
    folders = (run / "studies", run.with_name(run.name + "-studies"))
    found = []
    for path in (p for folder in folders for p in sorted(folder.glob("*.json"))):
        study = _read(path, material)
        if study is None or not KEYS[kind] <= study.keys():
            continue
        told = {k: v for k, v in study.items() if k != "files"}  # which files were written is no part of the answer
        if told not in found:
            found.append(told)
    return found


def answer_of(study: StoredStudy) -> str:
    """The answer of a propagation, without the command that it recommends to whoever reads it on a screen."""
    return _ADVICE.sub("", str(study["answer"]))


def _read(path: Path, material: Material) -> StoredStudy | None:
    """Content of a file, or None with a note."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        note = f"a study is left out: {path.name} cannot be read"
    else:
        if isinstance(content, dict) and content.get("title") == material.results.run["title"]:
            return content
        note = f"a study is left out: {path.name} is of another scenario"
    if note not in material.notes:
        material.notes.append(note)
    return None
