"""No circle of imports, and none that is written as a text: in kalkan, the benchmarks and the browser app.

Imports for type checkers and inside functions count. Against: property.
"""

import ast
import re
from pathlib import Path

import grimp
import pytest

import kalkan

SRC, ROOT = Path(kalkan.__file__).parent, Path(__file__).parents[2]
WEB = ROOT / "web" / "src"
LOADERS = {"import_module", "__import__", "resolve_name", "run_module", "run_path", "load_module", "exec"}


def circles(importing):
    """Sets of modules that import each other, by Tarjan's algorithm. Against: property."""
    number, lowest, stack, found = {}, {}, [], []

    def visit(module):
        number[module] = lowest[module] = len(number)
        stack.append(module)
        for other in importing[module]:
            if other not in number:
                visit(other)
            if other in stack:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == number[module]:
            at = stack.index(module)
            circle = set(stack[at:])
            del stack[at:]
            if len(circle) > 1:
                found.append(sorted(circle))

    for module in importing:
        if module not in number:
            visit(module)
    return found


def test_a_circle_would_be_found():
    assert circles({"a": ["b"], "b": ["c"], "c": ["b"], "d": ["a"]}) == [["b", "c"]]
    assert circles({"a": ["b", "c"], "b": ["c"], "c": []}) == []


def test_no_modules_import_each_other():
    graph = grimp.build_graph("kalkan", cache_dir=None)
    importing = {m: sorted(graph.find_modules_directly_imported_by(m)) for m in sorted(graph.modules)}
    assert len(importing) > 200
    assert circles(importing) == []


def test_no_benchmarks_import_each_other():
    files = {p.stem: ast.parse(p.read_text("utf-8")) for p in (ROOT / "benchmarks").glob("*.py")}
    importing = {name: sorted(imported(tree) & files.keys()) for name, tree in files.items()}
    assert importing["run"]
    assert circles(importing) == []


def imported(tree):
    """Modules that a tree names in its imports."""
    found = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    return found | {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}


def of_the_browser():
    """What every file of the browser app imports of it."""
    files = {p.relative_to(WEB).with_suffix("").as_posix(): p for p in WEB.rglob("*.ts*")}
    named = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"'?]+)["']""")
    found = {}
    for name, file in files.items():
        named_here = (m for m in named.findall(file.read_text("utf-8")) if not m.endswith(".css"))
        places = [(file.parent / m).resolve() for m in named_here]
        found[name] = sorted(p.relative_to(WEB).as_posix() for p in places)
        assert files.keys() >= set(found[name]), name
    return found


def test_no_files_of_the_browser_app_import_each_other():
    found = of_the_browser()
    assert len(found) > 25 and sum(map(len, found.values())) > 80
    assert circles(found) == []


def test_no_rooms_of_the_browser_app_import_each_other():
    rooms = {}
    for name, others in of_the_browser().items():
        room = name.rpartition("/")[0]
        rooms.setdefault(room, set()).update({o.rpartition("/")[0] for o in others} - {room})
    assert {"app", "common", "map", "replay"} <= rooms.keys()
    assert circles({room: sorted(others) for room, others in rooms.items()}) == []


def texts(source, modules):
    """Lines of a source that load a module by a text, or hold the name of one of kalkan's as a text."""
    tree, found = ast.parse(source), set()
    told = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found |= {node.lineno} if name in LOADERS else set()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            path = node.value.strip()
            named = re.fullmatch(r"kalkan(\.\w+)+([:.].*)?", path) and any(
                path == m or path.startswith((f"{m}.", f"{m}:")) for m in modules
            )
            found |= {node.lineno} if named else set()
    return sorted(found)


@pytest.mark.parametrize("source", [
    'import_module("kalkan.views")', "import importlib\nimportlib.import_module(name)", '__import__("json")',
    'HOME = {"run": "kalkan.views.notebook.results"}', 'resolve_name("kalkan.views.notebook.scenario:scenario_html")',
    'f"kalkan.exports.{name}"',
])  # fmt: skip
def test_an_import_by_a_text_would_be_found(source):
    assert texts(source, {"kalkan.views", "kalkan.views.notebook.results", "kalkan.exports"})


def test_no_module_is_imported_by_a_text():
    modules = {m for m in grimp.build_graph("kalkan", cache_dir=None).modules if m.count(".")}
    found = {str(p): lines for p in SRC.rglob("*.py") if (lines := texts(p.read_text("utf-8"), modules))}
    assert found == {}
