"""No module keeps what its functions change: whatever is kept belongs to an object that is handed on.

Left are results of pure functions of plain values, such as a hash of the sources or the profile of the air at a
frequency: they are the same whoever asks. Against: property.
"""

import ast
import pickle
from pathlib import Path

import pytest

import kalkan
from kalkan.kept import Kept

FILES = sorted(Path(kalkan.__file__).parent.rglob("*.py"))
CHANGING = {
    "add", "append", "clear", "discard", "extend", "insert", "move_to_end", "pop", "popitem", "remove", "setdefault",
    "update",
}  # fmt: skip
KEEPING = {"Kept", "OrderedDict", "WeakKeyDictionary", "WeakValueDictionary", "defaultdict", "deque", "Lock", "RLock"}
PLAIN = {"int", "float", "str", "bool", "bytes", "tuple", "Path", "None"}


def called(node):
    """Last part of the name of what is called, ``""`` for anything else."""
    name = node.func if isinstance(node, ast.Call) else node
    return name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""


def root(node):
    """The name that a subscript or attribute begins with, and whether there is one of these at all."""
    inner = node
    while isinstance(inner, ast.Subscript | ast.Attribute):
        inner = inner.value
    return inner.id if isinstance(inner, ast.Name) and inner is not node else None


def changes(function, names):
    """Lines where a function changes something of its module."""
    every = [*function.args.args, *function.args.kwonlyargs, *function.args.posonlyargs]
    own = {a.arg for a in every} | {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            yield node.lineno
        elif isinstance(node, ast.Assign | ast.Delete | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
            if any(root(t) in names - own for t in targets):
                yield node.lineno
        elif isinstance(node, ast.Call) and called(node) in CHANGING and root(node.func) in names - own:
            yield node.lineno


def caches(body):
    """Functions of a module or class whose results are kept, by a decorator."""
    for node in body:
        if isinstance(node, ast.FunctionDef) and {"cache", "lru_cache"} & set(map(called, node.decorator_list)):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from caches(node.body)


def state(source):
    """Lines where a module keeps what may change, or keeps the results of a function of more than plain values."""
    tree = ast.parse(source)
    pairs = [(t, n) for n in tree.body if isinstance(n, ast.Assign) for t in n.targets]
    pairs += [(n.target, n) for n in tree.body if isinstance(n, ast.AnnAssign)]
    names = {t.id for t, _ in pairs if isinstance(t, ast.Name)}
    found = {n.lineno for _, n in pairs if called(n.value) in KEEPING and isinstance(n.value, ast.Call)}
    found |= {n.lineno for _, n in pairs if any(called(c) in ("cache", "lru_cache") for c in ast.walk(n))}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.update(changes(node, names))
    for function in caches(tree.body):
        for argument in function.args.args:
            words = {n.id for n in ast.walk(argument) if isinstance(n, ast.Name)}
            if argument.annotation is None or words - PLAIN:
                found.add(function.lineno)
    return sorted(found)


@pytest.mark.parametrize("source", [
    "_found = {}\n\ndef find(key):\n    _found[key] = 1\n",
    "_found = []\n\ndef find(key):\n    _found.append(key)\n",
    "_ready = False\n\ndef load():\n    global _ready\n    _ready = True\n",
    "_latest: list[int] = []\n\ndef find():\n    _latest[:] = [1]\n",
    "_kept = Kept(8)\n",
    "_kept: Kept[int] = Kept(8)\n",
    "table = functools.lru_cache(maxsize=8)(build)\n",
    "@lru_cache(maxsize=8)\ndef find(terrain: Terrain) -> int:\n    return 1\n",
    "class A:\n    @cache\n    def find(self) -> int:\n        return 1\n",
])  # fmt: skip
def test_what_is_kept_would_be_found(source):
    assert state(source)


@pytest.mark.parametrize("source", [
    "NAMES = {'a': 1}\n\ndef find(key):\n    return NAMES[key]\n",
    "def find(names):\n    names.append(1)\n    own = {}\n    own[1] = 2\n    return own\n",
    "@lru_cache(maxsize=8)\ndef find(frequency_hz: float, name: str) -> int:\n    return 1\n",
    "@cache\ndef stamp() -> str:\n    return ''\n",
])  # fmt: skip
def test_what_does_not_change_may_stand_in_a_module(source):
    assert state(source) == []


def test_a_copy_of_what_is_kept_begins_with_nothing():
    kept = Kept(8)
    assert kept.get("a", lambda: 1) == kept.get("a", lambda: 2) == 1
    assert pickle.loads(pickle.dumps(kept)).get("a", lambda: 2) == 2


def test_no_module_keeps_what_its_functions_change():
    assert len(FILES) > 200
    found = {file.name: lines for file in FILES if (lines := state(file.read_text("utf-8")))}
    assert set(found) == {"policies.py"}, "which holds what a user's decorators register, by the word of the scenario"
