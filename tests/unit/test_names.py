"""A name of a type means one thing in the whole package. Against: property."""

import ast
from collections import defaultdict
from pathlib import Path

import kalkan

FILES = sorted(Path(kalkan.__file__).parent.rglob("*.py"))


def classes(files):
    """Where every class stands, by its name."""
    found = defaultdict(list)
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(f"{file}:{node.lineno}")
    return found


def aliases(files):
    """What every name of a type that is given by an assignment stands for, by the name."""
    found = defaultdict(set)
    for file in files:
        for node in ast.parse(file.read_text("utf-8")).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            if isinstance(target, ast.Name) and target.id[0].isupper() and not target.id.isupper():
                found[target.id].add(ast.unparse(node.value))
    return found


def test_a_second_class_of_a_name_would_be_found(tmp_path):
    (tmp_path / "a.py").write_text("class Box:\n    pass\n\n\nFloats = list[float]\n")
    (tmp_path / "b.py").write_text("def make():\n    class Box:\n        pass\n\n\nFloats = tuple[float, ...]\n")
    files = sorted(tmp_path.glob("*.py"))
    assert len(classes(files)["Box"]) == 2
    assert aliases(files)["Floats"] == {"list[float]", "tuple[float, ...]"}


def test_no_class_is_defined_twice():
    found = classes(FILES)
    assert len(found) > 200
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_an_alias_means_one_thing_and_is_no_class_elsewhere():
    found, taken = aliases(FILES), classes(FILES)
    assert len(found) > 50
    assert {name: meant for name, meant in found.items() if len(meant) > 1 or name in taken} == {}
