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
    examples : tuple of str
        Command lines that its help shows.
    """

    name: str
    command: str = ""
    address: str = ""
    job: str = ""
    says: str = ""
    arguments: tuple[Argument, ...] = ()
    without: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


def study(
    name: str, says: str, *arguments: Argument, without: tuple[str, ...] = (), examples: tuple[str, ...] = ()
) -> Operation:
    """An operation on a scenario file, done by ``kalkan.views.studies.asking``."""
    command, address = name.replace("_", "-"), f"/api/studies/{name}"
    return Operation(name, command, address, "study", says, arguments, without, examples)


OF = Argument("of", str, 'Such as leakers, p_no_leaker or "leakers difference".', "MEASURE", "leakers")
EACH = Argument("replications", int | None, "Replications at each point; default the file's.", "N", None)

OPERATIONS: tuple[Operation, ...] = (
    Operation("load"),
    Operation("check", "check", "/api/check", examples=("kalkan check raid.toml",)),
    Operation(
        "explain", "explain",
        examples=(
            "kalkan explain s-400", "kalkan explain Shahed", "kalkan explain f-35a.rcs", "kalkan explain out/raid",
        ),
    ),
    Operation(
        "timeline", "timeline",
        examples=("kalkan timeline", "kalkan timeline second_batch", "kalkan timeline raid.toml --out out/raid"),
    ),
    Operation("listing", "list", "/api/list", examples=("kalkan list", "kalkan list Tomahawk", "kalkan list --all")),
    Operation(
        "run", "run", "/api/runs", "run",
        examples=(
            "kalkan run raid.toml", "kalkan run raid.toml --replications 50 --no-unknown",
            "kalkan run raid.toml --stance manufacturer,independent", 'kalkan run raid.toml --until "leakers ± 0.2"',
        ),
    ),
    Operation("open_results", "show", "/api/results", examples=("kalkan show out/raid", "kalkan show out/raid --all")),
    Operation("compare", "compare", "/api/compare", examples=("kalkan compare out/raid out/other",)),
    Operation(
        "record", "replay", "/api/replay", "replay",
        examples=("kalkan replay out/raid", "kalkan replay raid.toml", "kalkan replay out/raid --html raid.html"),
    ),
    Operation(
        "export", "export",
        examples=("kalkan export out/raid --to tacview", "kalkan export out/raid --to parquet --out tables"),
    ),
    Operation("laydown"),
    Operation("assignment_policy"),
    Operation(
        "coverage", "coverage", "/api/coverage",
        examples=("kalkan coverage raid.toml", 'kalkan coverage raid.toml --target f-35a --heights "50 m AGL"'),
    ),
    study(
        "sweep", "Vary one or two defence parameters or claims. The random numbers are the same at every value.",
        Argument(
            "over", TEXTS,
            "Such as doctrine.standard.salvo=1,2,3, 91n6e.scan_period='5 s..15 s:5' or batches=0..6.", "TARGET=VALUES",
        ),
        OF, EACH,
        examples=(
            "kalkan sweep raid.toml --over doctrine.standard.salvo=1,2,3",
            "kalkan sweep examples/batches.toml --over batches=0..6",
        ),
    ),
    study(
        "sensitivity", "Say which disputed quantity moves the answer most. One at a time, and as Sobol indices.",
        OF._replace(default=""),
        EACH._replace(kind=int, says="Replications of each variant under each figure.", default=32),
        Argument("most", int, "Quantities of the Sobol study, the longest bars.", "K", 6),
        Argument("base", int, "Base sample of the Sobol studies, a power of 2 up to 65536; 0: none.", "N", 32),
        Argument("conflicts", bool, "A Sobol study over kinds of conflict too.", default=False),
        examples=("kalkan sensitivity raid.toml", "kalkan sensitivity raid.toml --base 0 --replications 16"),
    ),
    study(
        "propagate", "Carry the sources' disagreement to the answer. It becomes ± chance and ± what is not known.",
        OF._replace(says="Measure of the answer's sentence."),
        Argument("draws", int | None, "Draws of the claims; default by the budget.", "K", None),
        Argument("inner", int | None, "Replications in each draw; default by a pilot.", "N", None),
        Argument("budget", int, "Replications per variant to split between draws and chance.", "N", 1024),
        Argument("screen", int, "First a tornado of N replications: only its longest bars can be drivers.", "N", 0),
        without=("stance",),
        examples=("kalkan propagate raid.toml --draws 64 --inner 8",),
    ),
    study(
        "break_even", "Find the value at which a conclusion flips. Of one claim or defence parameter.",
        Argument("target", str, "Such as 48n6e3.kill_probability=0.3..0.95.", "TARGET=LOW..HIGH", placed=True),
        Argument("when", str, 'Such as "leakers difference = -5".', "GOAL"),
        EACH._replace(says="Replications at each value; default the file's."),
        examples=('kalkan break-even raid.toml 48n6e3.kill_probability=0.3..0.95 --when "leakers = 2"',),
    ),
    study(
        "payback", "Say after how many raids a dearer defence has paid. And up to which cost, with what is claimed.",
        Argument("raids", int, "After so many raids it shall have paid.", "N", 10),
        Argument("draws", int, "Draws of the claims.", "K", 64),
        Argument("inner", int, "Replications in each draw.", "N", 16),
        without=("stance",),
        examples=("kalkan payback examples/second-batch.toml --variant 'one batch' --variant two-batches",),
    ),
    study(
        "saturation", "Say how large a raid the defence takes. Leakers over the raid's size, and the knee.",
        Argument("times", str, "Factors of every raid's count as it is written.", "LIST", "0.25,0.5,1,1.5,2,3,4"),
        Argument("same_duration", bool, "A larger raid lasts as long, its members closer.", default=False),
        EACH._replace(says="Replications at each size; default the file's."),
        examples=("kalkan saturation raid.toml", "kalkan saturation raid.toml --times 0.5,1,2,4,8 --same-duration"),
    ),
    study(
        "exposure", "Say what radars learn about friends in peacetime. Looks by aspect, and what they tell.",
        Argument("days", int | None, "Days of observation; default the file's.", "N", None),
        Argument("reflectors", bool, "They fly with reflectors, in every variant.", default=False),
        without=("seed", "threads"),
        examples=(
            "kalkan exposure examples/signature-exposure.toml",
            "kalkan exposure examples/signature-exposure.toml --days 30 --stance independent",
        ),
    ),
    study(
        "rare", "Say how likely any leak is where leaks are rare. By importance sampling.",
        EACH._replace(kind=int, says="Replications per variant, a fifth a pilot.", default=2000),
        without=("out",),
        examples=("kalkan rare raid.toml",),
    ),
)  # fmt: skip
STUDIES = {o.name: o for o in OPERATIONS if o.arguments}
BESIDE: dict[str, tuple[str, ...]] = {
    "report": ("kalkan report out/raid", "kalkan report out/raid --out raid.html"),
    "schema": ("kalkan schema > scenario.schema.json",),
    "new": ("kalkan new raid.toml", "kalkan new raid.toml --kind second-batch"),
    "serve": ("kalkan serve", "kalkan serve studies --port 8000"),
    "warm": ("kalkan warm",),
    "cache": ("kalkan cache", "kalkan cache --clean"),
    "version": ("kalkan version",),
    "help": ("kalkan help", "kalkan help run"),
}
"""Commands that are no function of their own, with examples: methods of a result, or for the command line alone."""
EXAMPLES = {**{o.command: o.examples for o in OPERATIONS if o.command}, **BESIDE}
"""Command lines that the help of each command shows."""
