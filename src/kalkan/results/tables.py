"""Tidy tables of a run: one for each kind of entity, a row for each of them in each replication.

A campaign has some more: its waves, with what was on launchers and behind them and what hit which asset, the parts of
its defence, and the stock of each type of interceptor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kalkan.errors import KalkanError, did_you_mean, nearest_of
from kalkan.schema import CAMPAIGN_DIMS, EVENTS, NAMED, RAGGED, VARIABLES, dim_of

if TYPE_CHECKING:
    import pandas as pd

EVENT_TABLE = "events"
TABLES = {
    "replications": (),
    "threats": ("threat",),
    "fire_units": ("unit",),
    "interceptors": ("unit", "interceptor"),
    "assets": ("asset",),
    "radars": ("radar",),
    "posts": ("post",),
    "waves": ("wave",),
    "wave_interceptors": ("wave", "interceptor"),
    "wave_assets": ("wave", "asset"),
    "parts": ("part",),
    "stocks": ("stock",),
}

class Recorded(Protocol):
    """What tables are made of: a run's records and event logs."""

    @property
    def variants(self) -> Sequence[str]:
        """Names of its variants."""

    @property
    def records(self) -> Mapping[str, Any]:
        """What was recorded, by variant: ``arrays``, ``labels``, ``attrs`` and ``replications``."""

    def events(self, variant: str, replication: int) -> Mapping[str, NDArray[Any]]:
        """Event log of one replication."""


def tables(results: Recorded) -> Iterator[tuple[str, Any]]:
    """Name and Arrow table of each kind of entity and of the events, all variants in each.

    Codes are words, and so are indices of what has a name; nothing stands for none. A column that is a variable
    of ``kalkan.schema`` carries its ``unit`` and ``sentence``.
    """
    for name in names_of(results):
        yield name, table(results, name)


def names_of(results: Recorded) -> list[str]:
    """Names of the tables that a run has: some only if a variant is a campaign."""
    return [*(name for name in TABLES if _having(results, name)), EVENT_TABLE]


def _having(results: Recorded, name: str) -> list[str]:
    """The variants that have the dimensions of a table."""
    needed = CAMPAIGN_DIMS & set(TABLES[name])
    return [variant for variant in results.variants if needed <= set(results.records[variant].labels)]


def table(results: Recorded, name: str) -> Any:
    """One of the Arrow tables, all variants in it.

    Raises
    ------
    KalkanError
        There is none of this name.
    """
    import pyarrow as pa

    known = names_of(results)
    if name not in known:
        near = did_you_mean(nearest_of(name, known))
        raise KalkanError(f'results have no table "{name}"; there are {", ".join(known)}{near}')
    if name == EVENT_TABLE:
        return pa.concat_tables([_events(pa, results, variant) for variant in results.variants])
    made = [_entities(pa, results, variant, TABLES[name]) for variant in _having(results, name)]
    return pa.concat_tables(made, promote_options="default")  # a campaign has columns that a raid has not


def frame(results: Recorded, name: str) -> pd.DataFrame:
    """One of the tables as pandas has it; ``attrs["units"]`` and ``attrs["sentences"]`` tell of its columns.

    Words are categories, in which all names of the scenario are known, whether they occur or not; times are in
    seconds, ranges in metres.
    """
    arrow = table(results, name)
    made: pd.DataFrame = arrow.unify_dictionaries().to_pandas()
    about = {field.name: field.metadata or {} for field in arrow.schema}
    for key, part in (("units", b"unit"), ("sentences", b"sentence")):
        made.attrs[key] = {column: held[part].decode() for column, held in about.items() if part in held}
    return made


def _entities(pa: Any, results: Recorded, variant: str, dims: tuple[str, ...]) -> Any:
    """One variant's rows of the variables with these dimensions."""
    records = results.records[variant]
    names = [n for n, v in VARIABLES.items() if v.dims == ("replication", *dims) and n in records.arrays]
    shape = (records.replications.size, *(len(records.labels[d]) for d in dims))
    columns = {"variant": _word(pa, np.zeros(int(np.prod(shape)), np.int8), [variant])}
    columns["replication"] = pa.array(np.broadcast_to(_along(records.replications, 0, len(shape)), shape).ravel())
    for axis, dim in enumerate(dims, start=1):
        labels = records.labels[dim]
        rows = np.broadcast_to(_along(np.arange(len(labels)), axis, len(shape)), shape)
        columns[dim] = _word(pa, rows.ravel(), labels)
        if dim == "threat":
            for part in ("wave", "raid", "class", "side"):
                of_threat = list(records.attrs.get(f"threat_{part}", ()))
                if not of_threat:
                    continue  # no campaign, or of a version without sides
                kinds = sorted(set(of_threat))
                codes = np.array([kinds.index(v) for v in of_threat])
                columns[part] = _word(pa, codes[rows.ravel()], kinds)
    for name in names:
        columns[name] = _column(pa, name, records.arrays[name].ravel(), records.labels)
    return _table(pa, columns)


def _events(pa: Any, results: Recorded, variant: str) -> Any:
    """One variant's event logs, one behind the other; subjects and objects by their names."""
    records = results.records[variant]
    logs = [results.events(variant, int(r)) for r in records.replications]
    sizes = [log["event_kind"].size for log in logs]
    whole = {name: np.concatenate([log[name] for log in logs]) for name in RAGGED if name in logs[0]}
    columns = {
        "variant": _word(pa, np.zeros(sum(sizes), np.int8), [variant]),
        "replication": pa.array(np.repeat(records.replications, sizes)),
    }
    for name in whole:
        part = name.removeprefix("event_")
        named = part in ("subject", "object")
        columns[name] = (
            _parties(pa, part, whole["event_kind"], whole[name], records.labels) if named
            else _column(pa, name, whole[name], records.labels)
        )  # fmt: skip
    return _table(pa, columns)


def _parties(
    pa: Any, part: str, kinds: NDArray[Any], numbers: NDArray[Any], labels: Mapping[str, Sequence[str]]
) -> Any:
    """Names of the events' subjects or objects; none for what has no name (a launcher)."""
    words: list[str] = []
    codes = np.full(numbers.shape, -1, np.int32)
    for dim, names in ((d, labels[d]) for d in NAMED.values()):
        of = [k for k, event in enumerate(EVENTS) if dim_of(event.sentence, f"{part}: ") == dim]
        mine = np.isin(kinds, of) & (numbers >= 0) & (numbers < len(names))
        codes[mine] = numbers[mine] + len(words)
        words += names
    return _word(pa, codes, words)


def _along(values: NDArray[Any], axis: int, n_axes: int) -> NDArray[Any]:
    return values.reshape([-1 if a == axis else 1 for a in range(n_axes)])


def _column(pa: Any, name: str, values: NDArray[Any], labels: Mapping[str, Sequence[str]]) -> Any:
    """A variable: its codes and indices become words, nan stays nan."""
    about = VARIABLES[name]
    if about.codes:
        words = [code.word or "none" for code in about.codes]
        others = range(len(words), int(values.max(initial=0)) + 1)  # of another version
        return _word(pa, values, [*words, *(f"unknown code {n}" for n in others)])
    if about.unit == "index":
        return _word(pa, values, list(labels[dim_of(about.sentence)]))
    return pa.array(values)


def _word(pa: Any, codes: NDArray[Any], words: list[str]) -> Any:
    """Words by their numbers; nothing where the number is negative."""
    numbers = codes.astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(numbers, mask=numbers < 0), pa.array(words))


def _table(pa: Any, columns: dict[str, Any]) -> Any:
    """A table whose variables carry their unit and sentence."""
    fields = []
    for name, column in columns.items():
        about = VARIABLES.get(name)
        metadata = {"unit": about.unit, "sentence": about.sentence} if about else None
        fields.append(pa.field(name, column.type, metadata=metadata))
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))
