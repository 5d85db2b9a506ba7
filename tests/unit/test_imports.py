"""No circle of imports among modules, those for type checkers and inside functions included."""

import grimp


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
