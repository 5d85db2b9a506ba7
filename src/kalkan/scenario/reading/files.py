"""Reading a scenario file: bytes → text → tree, and the line of every key.

TOML is read by the standard library; a second, tolerant reading by tree-sitter only tells
lines. Whatever the file holds, the one error that leaves here is :class:`ProblemsError`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import tree_sitter
import tree_sitter_toml

from kalkan.errors import Problem, ProblemsError, nearest_of
from kalkan.scenario.nouns.places import Place, quoted

MAX_BYTES = 5_000_000
MAX_DEPTH = 24
MOST_DOTS = 64  # names in one dotted key: the TOML reader's work grows with their square

_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")
_KEY = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DOTTED = re.compile(rf"(?:^|(?<=[{{,[]))[ \t]*+{_KEY}(?:[ \t]*+\.[ \t]*+{_KEY})++", re.MULTILINE)
_CURLY = "“”„‟‘’‚«»"
_DECIMAL_COMMA = re.compile(r"=\s*([-+]?\d+),(\d+)")
_LANGUAGE = tree_sitter.Language(tree_sitter_toml.language())


def read_text(path: Path) -> str:
    """Text of a scenario file.

    Raises
    ------
    ProblemsError
        The file is absent, unreadable, larger than 5 MB, empty or not UTF-8.
    """
    try:
        if path.is_dir():
            raise _problem(path, "is a folder, not a file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _problem(path, "does not exist" + _similar_file(path)) from None
    except OSError as error:
        raise _problem(path, f"cannot be read: {error.strerror or 'unknown reason'}") from None
    except ValueError:
        raise _problem(path, "is not a possible file name") from None
    if len(data) > MAX_BYTES:
        raise _problem(path, "is larger than 5 MB; a scenario never needs that much")
    return decode(data, str(path))


def decode(data: bytes, file: str) -> str:
    """UTF-8 text of the bytes of a file; a byte-order mark is dropped."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = "is UTF-16 text" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "is not UTF-8 text"
        message = f"{what} (byte 0x{data[error.start]:02x}); save it as UTF-8"
        raise ProblemsError([Problem("file", message, file, line)]) from None


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Tree of a TOML text.

    Raises
    ------
    ProblemsError
        Empty, not TOML (with the line), or nested too deeply.
    """
    if not text.strip():
        raise ProblemsError([Problem("file", 'is empty; "kalkan new" writes a starter scenario', file)])
    if len(text) > MAX_BYTES:
        raise ProblemsError([Problem("file", "is larger than 5 MB; a scenario never needs that much", file)])
    if any(m[0].count(".") > MOST_DOTS for m in _DOTTED.finditer(text)):
        raise ProblemsError([Problem("file", "is nested too deeply", file)])
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise ProblemsError([Problem("file", "is nested too deeply", file)]) from None
    except ValueError as error:
        raise ProblemsError([_syntax_problem(str(error), text, file)]) from None
    if _depth_exceeds(tree, MAX_DEPTH):
        raise ProblemsError([Problem("file", "is nested too deeply", file)])
    return _composed(tree)


def composed(text: str) -> str:
    """A name in the one form in which equal names are equal (Unicode NFC): macOS writes ``İ`` as two characters."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _composed(tree: dict[str, Any]) -> dict[str, Any]:
    """Every key and text of a tree composed, but for names of files, which the file system compares byte by byte."""

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            return {composed(key): walk(value) for key, value in node.items()}
        if isinstance(node, list):
            return [walk(value) for value in node]
        return composed(node) if isinstance(node, str) else node

    kept = {key: tree[key] for key in ("region", "catalogue") if key in tree}
    return walk(tree) | kept


def _syntax_problem(reason: str, text: str, file: str) -> Problem:
    """The TOML reader's reason, with its line taken out of the sentence."""
    at = _AT.search(reason)
    line = int(at.group(1)) if at else (text.rstrip().count("\n") + 1 if "end of document" in reason else 0)
    told = re.sub(r" \(at .*\)$", "", reason).replace("\n", " ")
    if "Cannot overwrite" in told or "Cannot declare" in told or "Cannot mutate" in told:
        told = "the same key or table is written twice"
    elif told.startswith("Illegal character '\\n'"):
        told = "the line ends before its value does"
    elif "integer string conversion" in told:
        told = "a number is too long"
    else:
        told = _line_ends(text) or _habit(told, text.splitlines()[line - 1] if line else "") or told
    column = f" (column {at.group(2)})" if at else ""
    return Problem("TOML", f"cannot be read: {told[:1].lower()}{told[1:]}{column}", file, line)


def _line_ends(text: str) -> str:
    """The remedy for a text of the first Macintosh; ``""`` if it is none."""
    return "lines end with a carriage return alone; save it with line feeds (LF)" * ("\r" in text and "\n" not in text)


def _habit(told: str, line: str) -> str:
    """The remedy for what a word processor, a path of Windows or a decimal comma leaves in a line; ``""`` if none."""
    comma, key = _DECIMAL_COMMA.search(line), line.partition("=")[0]
    if told.startswith(("Invalid initial character for a key", "Expected")) and not key.isascii():
        return 'a key with letters other than A-Z stands in quotes, such as [doctrine."Ereğli"]'
    if told.startswith("Invalid value") and any(c in line for c in _CURLY):
        return 'the quotes are a word processor\'s; write " "'
    if told.startswith(("Unescaped '\\'", "Invalid hex value")):
        return "a \\ begins an escape between double quotes; write / instead, or put the text between ' '"
    if comma and told.startswith("Expected"):
        return f"decimals are written with a point: {comma[1]}.{comma[2]}"
    return ""


def _depth_exceeds(tree: Any, limit: int) -> bool:
    level = [tree]
    for _ in range(limit):
        level = [v for node in level for v in _values(node)]
        if not level:
            return False
    return True


def _values(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _problem(path: Path, message: str) -> ProblemsError:
    return ProblemsError([Problem("file", message, str(path))])


def _similar_file(path: Path) -> str:
    try:
        names = [p.name for p in path.parent.iterdir() if p.suffix == ".toml"]
    except OSError:
        return ""
    near = nearest_of(path.name, names)
    remedy = "; kalkan new FILE writes a scenario to start from, kalkan list shows examples"
    return f" — did you mean {quoted(str(path.parent / near))}?" if near else remedy


def line_index(text: str) -> dict[Place, int]:
    """Line [1-based] of every key, table and list entry.

    Parameters
    ----------
    text : str
        A TOML text that :func:`parse_toml` accepts.

    Returns
    -------
    dict of Place to int
        Lists of tables, inline tables and dotted keys included; where a key opens several
        tables (``[a.b]`` and ``[a.c]``), its first line.
    """
    document = tree_sitter.Parser(_LANGUAGE).parse(text.encode("utf-8", "replace")).root_node
    lines: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    for node in document.children:
        if node.type == "pair":
            _index_pair(node, (), lines)
        elif node.type in ("table", "table_array_element"):
            _index_table(node, lines, counts)
    del lines[()]
    return lines


def _index_table(node: Any, lines: dict[Place, int], counts: dict[Place, int]) -> None:
    """Index ``[a.b]`` or ``[[a.b]]`` and the pairs below it."""
    header = next((c for c in node.children if c.type.endswith("_key")), None)
    if header is None:
        return
    names = _key_names(header)
    line = node.start_point[0] + 1
    place: Place = ()
    for i, name in enumerate(names):
        place = (*place, name)
        lines.setdefault(place, line)
        if node.type == "table_array_element" and i == len(names) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
            lines.setdefault(place, line)
    for item in node.children:
        if item.type == "pair":
            _index_pair(item, place, lines)


def _index_pair(node: Any, inside: Place, lines: dict[Place, int]) -> None:
    """Index ``a.b = value``, and what stands inside the value."""
    if len(node.children) < 3:
        return
    line = node.start_point[0] + 1
    place = inside
    for name in _key_names(node.children[0]):
        place = (*place, name)
        lines.setdefault(place, line)
    _index_value(node.children[2], place, lines)


def _index_value(node: Any, place: Place, lines: dict[Place, int]) -> None:
    if node.type == "inline_table":
        for item in node.children:
            if item.type == "pair":
                _index_pair(item, place, lines)
    elif node.type == "array":
        items = [c for c in node.children if c.is_named and c.type != "comment"]
        for i, item in enumerate(items):
            lines.setdefault((*place, i), item.start_point[0] + 1)
            _index_value(item, (*place, i), lines)


def _key_names(node: Any) -> list[str]:
    """Names in a bare, quoted or dotted key."""
    if node.type == "dotted_key":
        return [n for c in node.children if c.type.endswith("_key") for n in _key_names(c)]
    text = node.text.decode("utf-8", "replace")
    if node.type == "quoted_key":
        try:
            return [composed(str(tomllib.loads(f"k = {text}")["k"]))]
        except ValueError:
            return [text]
    return [text]
