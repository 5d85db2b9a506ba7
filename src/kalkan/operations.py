"""Every operation once: the function that does it, its command, its address in the app, and the worker's job.

``kalkan.NAME`` is loaded by :func:`kalkan.api.find`. Of a study, an operation with arguments, the command, the app's
endpoint with its description and the worker's job are made from the declaration too. The others have theirs written by
hand, since each is like no other; ``tests/unit/test_operations.py`` finds what is missing.

Nothing is imported here, so that ``import kalkan`` stays quick.
"""

from __future__ import annotations

from typing import Any, NamedTuple

NEEDED: Any = ...
TEXTS = list[str]  # kind of an argument that may be given more than once


class Argument(NamedTuple):
    """One argument of a study, beside the scenario and what all studies share.

    Attributes
    ----------
    name : str
        Of the function's parameter; ``--name`` on the command line.
    kind : type
        str, int, bool or TEXTS.
    says : str
        A sentence for readers.
    metavar : str
        What stands for a value in a description.
    default : object
        NEEDED: it must be given.
    placed : bool
        On the command line it stands by its place, without an option.
    """

    name: str
    kind: Any
    says: str
    metavar: str = ""
    default: Any = NEEDED
    placed: bool = False


class Operation(NamedTuple):
    """What can be asked of kalkan.

    Attributes
    ----------
    name : str
        ``kalkan.NAME`` is the function.
    command, address, job : str
        Of the command line, of the app's endpoint, and of the app's worker; empty: there is none.
    says : str
        Help of a command that is made from this.
    arguments : tuple of Argument
        Of a study; empty: command and endpoint are written by hand.
    without : tuple of str
        What studies share that means nothing here.
    """

    name: str
    command: str = ""
    address: str = ""
    job: str = ""
    says: str = ""
    arguments: tuple[Argument, ...] = ()
    without: tuple[str, ...] = ()


def study(name: str, says: str, *arguments: Argument, without: tuple[str, ...] = ()) -> Operation:
    """An operation on a scenario file, done by ``kalkan.views.studies.asking``."""
    command, address = name.replace("_", "-"), f"/api/studies/{name}"
    return Operation(name, command, address, "study", says, arguments, without)


OF = Argument("of", str, 'Such as leakers, p_no_leaker or "leakers difference".', "MEASURE", "leakers")
EACH = Argument("replications", int | None, "Replications at each point; default the file's.", "N", None)

OPERATIONS: tuple[Operation, ...] = (
    Operation("load"),
    Operation("check", "check", "/api/check"),
    Operation("explain", "explain"),
    Operation("timeline", "timeline"),
    Operation("run", "run", "/api/runs", "run"),
    Operation("open_results", "show", "/api/results"),
    Operation("compare", "compare", "/api/compare"),
    Operation("record", "replay", "/api/replay", "replay"),
    Operation("export", "export"),
    Operation("laydown"),
    Operation("coverage", "coverage", "/api/coverage"),
    study(
        "sweep", "Vary one or two defence parameters or claims. The random numbers are the same at every value.",
        Argument("over", TEXTS, "Such as doctrine.standard.salvo=1,2,3 or 91n6e.scan_period='5 s..15 s:5'.",
                 "TARGET=VALUES"),
        OF, EACH,
    ),
    study(
        "sensitivity", "Say which disputed quantity moves the answer most. One at a time, and as Sobol indices.",
        OF._replace(default=""),
        EACH._replace(kind=int, says="Replications of each variant under each figure.", default=32),
        Argument("most", int, "Quantities of the Sobol study, the longest bars.", "K", 6),
        Argument("base", int, "Base sample of the Sobol studies, a power of 2; 0: no Sobol study.", "N", 32),
        Argument("conflicts", bool, "A Sobol study over kinds of conflict too.", default=False),
    ),
    study(
        "propagate", "Carry the sources' disagreement to the answer. It becomes ± chance and ± what is not known.",
        OF._replace(says="Measure of the answer's sentence."),
        Argument("draws", int | None, "Draws of the claims; default by the budget.", "K", None),
        Argument("inner", int | None, "Replications in each draw; default by a pilot.", "N", None),
        Argument("budget", int, "Replications per variant to split between draws and chance.", "N", 1024),
        Argument("screen", int, "First a tornado of N replications: only its longest bars can be drivers.", "N", 0),
        without=("stance",),
    ),
    study(
        "break_even", "Find the value at which a conclusion flips. Of one claim or defence parameter.",
        Argument("target", str, "Such as 48n6e3.kill_probability=0.3..0.95.", "TARGET=LOW..HIGH", placed=True),
        Argument("when", str, 'Such as "leakers difference = -5".', "GOAL"),
        EACH._replace(says="Replications at each value; default the file's."),
    ),
    study(
        "rare", "Say how likely any leak is where leaks are rare. By importance sampling.",
        EACH._replace(kind=int, says="Replications per variant, a fifth a pilot.", default=2000),
        without=("out",),
    ),
)  # fmt: skip
STUDIES = {o.name: o for o in OPERATIONS if o.arguments}
BESIDE = ("report", "schema", "new", "serve", "warm", "cache", "version")
"""Commands that are no function of their own: what they do is a method of a result, or for the command line alone."""
