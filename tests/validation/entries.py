"""What the tests say of themselves: read from their source, so that nothing needs to run."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRUTH = "tests/reference/"  # every test there is on the page; of other files, those that say what they compare with
KINDS = {
    "closed form": "a formula solved on paper, or exact arithmetic",
    "published": "a table, standard or data set that others published",
    "program": "another program's answer to the same question",
    "brute force": "the definition, repeated many times or marched through in small steps",
    "property": "a law that any right answer obeys",
    "itself": "kalkan's fast way against kalkan's plain way, which other rows prove",
}
UNSAID = "property: what the sentence says."
AGAINST = re.compile(r"^Against:\s*(?P<reference>(?:.+\n?)+)", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One test function: its place, what it checks, and against what."""

    file: str
    name: str
    sentence: str
    reference: str

    @property
    def node(self) -> str:
        """Pytest's name of it, without its cases."""
        return f"{self.file}::{self.name}"

    @property
    def kind(self) -> str:
        """Kind of reference."""
        return self.reference.partition(":")[0]


@dataclass(frozen=True)
class Chapter:
    """A part of the page: a model, and the tests about it."""

    title: str
    about: str
    files: tuple[str, ...]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Tests in the order of their files."""
        return tuple(e for file in self.files for e in read(file))


def chapters() -> list[Chapter]:
    """The page's plan, from ``chapters.toml``."""
    plan = tomllib.loads((Path(__file__).parent / "chapters.toml").read_text(encoding="utf-8"))
    return [Chapter(c["title"], c["about"].strip(), tuple(c["files"])) for c in plan["chapters"]]


def read(file: str) -> Iterator[Entry]:
    """Tests of a file that belong on the page, from their docstrings: first paragraph, and `Against:`."""
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            text = inspect.cleandoc(ast.get_docstring(node) or "")
            found = AGAINST.search(text)
            if found or file.startswith(TRUTH):
                reference = " ".join(found["reference"].split()) if found else UNSAID
                yield Entry(file, node.name, first_paragraph(AGAINST.sub("", text)) or in_words(node.name), reference)


def first_paragraph(text: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(text.strip().partition("\n\n")[0].split())


def in_words(name: str) -> str:
    """A test's name as a sentence."""
    return name.removeprefix("test_").replace("_", " ").capitalize() + "."
