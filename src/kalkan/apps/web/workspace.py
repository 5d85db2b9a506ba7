"""The workspace: the one folder whose scenarios and results the app may touch."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.reading.files import parse_toml, read_text

RESULTS = "run.json"


class Workspace:
    """Files of one folder; whatever lies outside does not exist.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def inside(self, path: str, ending: str = "") -> Path:
        """The file or folder of a relative path.

        Raises
        ------
        ProblemsError
            The path leaves the workspace, is hidden, or lacks the ending.
        """
        parts = path.split("/")
        plain = path == "." or all(p and not p.startswith(".") and "\\" not in p and p.isprintable() for p in parts)
        if not plain or len(path) > 400 or any(len(p.encode()) > 200 for p in parts):
            raise problem(path, "is not a path inside the workspace")
        try:
            found = (self.root / path).resolve()
        except (OSError, RuntimeError):  # links that lead to each other
            raise problem(path, "leads nowhere") from None
        if not found.is_relative_to(self.root):
            raise problem(path, "leads out of the workspace")
        if ending and found.suffix.lower() != ending:
            raise problem(path, f"must end in {ending}")
        return found

    def results(self, path: str) -> Path:
        """A results folder.

        Raises
        ------
        ProblemsError
            It is none.
        """
        folder = self.inside(path)
        if not (folder / RESULTS).is_file():
            raise problem(path, "is no results folder")
        return folder

    def text(self, path: str) -> str:
        """Text of a scenario file.

        Raises
        ------
        ProblemsError
            It is no file of the workspace's, or cannot be read.
        """
        file = self.inside(path, ".toml")
        must_be_plain(file)
        return read_text(file)

    def parse(self, path: str, text: str | None = None) -> Scenario:
        """A checked scenario of the workspace, from the text given or from its file.

        Raises
        ------
        ProblemsError
            Everything that is wrong with it; also if it names files outside the workspace.
        """
        from kalkan.scenario import parse

        file = self.inside(path, ".toml")
        text = self.text(path) if text is None else text
        outside = self._outside(text, path, file.parent)
        if outside:
            raise ProblemsError(outside)
        return parse(text, path, file.parent)

    def _outside(self, text: str, path: str, base: Path) -> list[Problem]:
        """Files that a scenario names and that are none of the workspace's."""
        tree = parse_toml(text, path)
        region, listed = tree.get("region"), tree.get("catalogue")
        named = [("region · terrain", region.get("terrain") if isinstance(region, dict) else None)]
        named += [("catalogue", name) for name in (listed if isinstance(listed, list) else [])]
        problems = []
        for where, name in named:
            if not isinstance(name, str):
                continue
            try:
                sound = (base / name).resolve().is_relative_to(self.root)
            except (OSError, ValueError):
                sound = False
            if not sound:
                message = f"leads out of the workspace; start kalkan serve in a folder that holds {name[:80]!r}"
                problems.append(Problem(where, message, path))
        return problems


def problem(path: str, message: str) -> ProblemsError:
    """One problem with a path."""
    return ProblemsError([Problem("path", message, path[:100])])


def must_be_plain(path: Path) -> None:
    """Refuse what is there and no plain file: reading a pipe or a device may never end.

    Raises
    ------
    ProblemsError
        It is none.
    """
    if path.exists() and not path.is_file():
        raise problem(path.name, "is no plain file")


def version_of(text: str) -> str:
    """What tells one state of a file from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
