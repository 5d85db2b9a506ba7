"""Pages of the documentation that are made from declarations when it is built; they decide nothing."""

from __future__ import annotations

from kalkan.kernels.fields import CLAIMED, INDEXING, PlanEntry, Taken, entries
from kalkan.kernels.plan import Plan
from kalkan.operations import NEEDED, OPERATIONS, STUDIES
from kalkan.results.by_system import OF_POST, OF_RADAR, OF_UNIT
from kalkan.results.declared import MEASURES
from kalkan.schema import VARIABLES

_PLAN = """# What the loop knows
Every number that a replication depends on, as plain arrays: the Plan, which `compile` makes of a scenario and the
catalogue. Made from the declarations in `src/kalkan/kernels/plan.py` when these pages are built. A type with `×` is one
element's. Where a number comes from is tested: what comes from claims must change with them, and nothing else may
(`tests/unit/test_every_number_has_a_claim.py`).
"""


_OPERATIONS = """# Operations
What can be asked of kalkan, from Python, the command line and the browser app: made from the declarations in
`src/kalkan/operations.py` when these pages are built. A study takes a scenario file, its own arguments, and `seed`,
`variants`, `stance`; from Python and the command line `threads`, more catalogue files and `out` too. In the app it
waits in the queue of runs; `/api/studies/ID` tells what it found.
"""
_MEASURES = """# Measures
What results, tables, studies and the app tell, each one number per replication with its interval: made from the
declarations in `src/kalkan/results/declared.py` when these pages are built. Ratios are of sums over replications; a run
can stop on them (`--until`), and studies cannot use them. With the word `difference` behind it a measure means the last
variant minus the first, paired by replication.
"""


def variables_page() -> str:
    """Table of all result variables, and of the words of their codes."""
    lines = ["# Result variables", "", "| variable | dimensions | unit | meaning |", "|---|---|---|---|"]
    lines += [f"| `{n}` | {', '.join(v.dims)} | {v.unit} | {v.sentence} |" for n, v in VARIABLES.items()]
    for variable in VARIABLES.values():
        if variable.codes:
            lines += ["", f"## {variable.sentence.rstrip('.')}", "", "| code | word | meaning |", "|---|---|---|"]
            lines += [f"| {i} | {c.word or '—'} | {c.sentence} |" for i, c in enumerate(variable.codes)]
    return "\n".join(lines) + "\n"


def measures_page() -> str:
    """Table of the measures of the whole raid and the whole defence."""
    lines = [_MEASURES, "| measure | meaning | unit | kind | shown, if any, in |", "|---|---|---|---|---|"]
    lines += [f"| `{m.key}` | {m.called} | {m.unit} | {m.kind} | {', '.join(m.where)} |" for m in MEASURES.values()]
    lines += ["", "## Of each fire unit, radar and post", "", "| measure | meaning | unit |", "|---|---|---|"]
    for group, told in (("unit", OF_UNIT), ("radar", OF_RADAR), ("post", OF_POST)):
        lines += [f"| `{e.variable}_of_{group}/NAME` | {e.name} | {e.unit} |" for e in told]
    return "\n".join(lines) + "\n"


def plan_page() -> str:
    """Table of every field of the Plan: type, unit, meaning, source."""
    lines = [_PLAN]
    parts: dict[str, list[PlanEntry]] = {}
    for entry in entries(Plan):
        parts.setdefault(entry.name.rpartition(".")[0], []).append(entry)
    for part, fields in parts.items():
        lines += [f"## {part or 'tables of their own'}", ""]
        lines += ["| field | type | unit | meaning | from |", "|---|---|---|---|---|"]
        for name, written_as, about in fields:
            row = (f"`{name.rpartition('.')[2]}`", written_as, about.unit, about.meaning, _source(about.source))
            lines.append("| " + " | ".join(row) + " |")
        lines.append("")
    return "\n".join(lines)


def _source(source: Taken) -> str:
    if source.kind == CLAIMED:
        return "claims " + ", ".join(f"`{q}`" for q in source.of.split())
    return "" if source.kind == INDEXING else f"{source.kind} {source.of}"


def operations_page() -> str:
    """Table of what can be asked of kalkan, and of the arguments of studies."""
    lines = [_OPERATIONS, "| function | command | address in the app |", "|---|---|---|"]
    for o in OPERATIONS:
        command = f"`kalkan {o.command}`" if o.command else ""
        lines.append(f"| `kalkan.{o.name}` | {command} | {f'`{o.address}`' if o.address else ''} |")
    for o in STUDIES.values():
        lines += ["", f"## {o.command}", "", o.says, "", "| argument | default | meaning |", "|---|---|---|"]
        for a in o.arguments:
            default = "needed" if a.default is NEEDED else "—" if a.default in (None, "") else f"`{a.default}`"
            lines.append(f"| `{a.name}` | {default} | {a.says} |")
    return "\n".join(lines) + "\n"
