"""The list of mutants cannot go stale: every text stands once in the source, every test that is named is there."""

import ast

import pytest

from tests.mutants.mutants import MUTANTS, read
from tests.mutants.plugin import whole_tests
from tests.mutants.running import ROOT, faults
from tests.mutants.source import SOURCE, places, put_in


def test_every_text_stands_once_in_the_source():
    told = [fault for mutant in MUTANTS for fault in places(SOURCE, mutant).faults]
    assert not told, "\n".join(told)
    assert faults(MUTANTS) == [] and len(MUTANTS) >= 40


@pytest.mark.parametrize("node", sorted({m.test.partition("[")[0] for m in MUTANTS}))
def test_every_test_that_is_named_is_there(node):
    path, _, name = node.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}


def test_a_mutant_is_put_in_wherever_its_text_stands(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/a.py").write_text("x = 1\ny = 2\n")
    (tmp_path / "b.py").write_text("z = 3\n")
    (mutant,) = read("[[mutant]]\nname = 'n'\ntest = 't'\nold = 'y = 2'\nnew = 'y = 5'\nalso = [['z = 3', 'z = 4']]")
    before = put_in(tmp_path, mutant)
    assert (tmp_path / "deep/a.py").read_text() == "x = 1\ny = 5\n" and (tmp_path / "b.py").read_text() == "z = 4\n"
    assert before == {tmp_path / "deep/a.py": "x = 1\ny = 2\n", tmp_path / "b.py": "z = 3\n"}
    (told,) = read("[[mutant]]\nname = 'n'\ntest = 't'\nold = ' = '\nnew = ' is '")
    assert "stands 3 times (b.py, deep/a.py, deep/a.py)" in places(tmp_path, told).faults[0]
    (told,) = read("[[mutant]]\nname = 'n'\ntest = 't'\nold = 'gone'\nnew = 'x'")
    assert "stands 0 times (nowhere)" in places(tmp_path, told).faults[0]


def test_a_test_of_several_cases_may_be_named_as_a_whole():
    ended = {"a.py::t[1]": "passed", "a.py::t[2]": "asserted", "a.py::u[1]": "passed", "a.py::u[2]": "call: KeyError",
             "a.py::v": "passed"}  # fmt: skip
    assert whole_tests(ended) == {"a.py::t": "asserted", "a.py::u": "call: KeyError", "a.py::v": "passed"}
