"""When what batches bring is ready, and what of a system is there as of a day.

A delivery is ready a *work-up* after its equipment has arrived and its crews are trained, whichever is later::

    ready = max(delivered, training_from + training) + work_up

Where no delivery is dated, it comes a *delivery time* after the contract. Of a month or a period the last day counts,
and a part of a day is a day. What is left out is a claim of the catalogue. kalkan's own simplification: crews, sites
and equipment of one delivery wait for nothing of another.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kalkan.catalogue import Catalogue, CatalogueError, Claim, Resolved, resolve, voices
from kalkan.catalogue.ranges import span as ends_of
from kalkan.catalogue.resolve import Assume, ids_in
from kalkan.scenario.nouns.batches import Batch
from kalkan.scenario.nouns.dates import Span, is_claim, span
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.systems import System
from kalkan.scenario.parts import is_aim, parts_of

MODEL = "kalkan-model"
DAY_S = 86_400.0
THIS = "this scenario"
NamedParts = Mapping[str, tuple[str, ...]]  # every name of a part, with the single parts that it means


class FigureSource(Protocol):
    """Where figures of the catalogue come from."""

    def number(self, entry: str, quantity: str) -> float:
        """A quantity's value in SI."""

    def word(self, entry: str, quantity: str) -> str:
        """A quantity that is a word."""

    def given(self, written: float | None, entry: str, quantity: str, where: str) -> float:
        """A number in SI: as the scenario writes it for something, else as claimed."""


class Times(Protocol):
    """How dates and times that are written become days and seconds."""

    def day(self, when: str) -> datetime.date:
        """The day that counts of a date, or of the claim that stands for it."""

    def time_s(self, written: float | str | None, quantity: str, where: str) -> float:
        """A time [s]: as written for something, as the claim that is named says, or as `quantity` is claimed."""


@dataclass(frozen=True)
class Claimed:
    """Figures of a catalogue under its stance, the scenario's own first."""

    catalogue: Catalogue
    assume: Assume

    def number(self, entry: str, quantity: str) -> float:
        """As `FigureSource`."""
        return float(resolve(self.catalogue, entry, quantity, assume=self.assume).value)

    def word(self, entry: str, quantity: str) -> str:
        """As `FigureSource`."""
        return str(resolve(self.catalogue, entry, quantity, assume=self.assume).value)

    def given(self, written: float | None, entry: str, quantity: str, where: str) -> float:
        """As `FigureSource`."""
        return self.number(entry, quantity) if written is None else written


@dataclass(frozen=True)
class Used:
    """Dates and times as a run takes them."""

    figures: FigureSource

    def day(self, when: str) -> datetime.date:
        """The last day of what is written or claimed."""
        return _span_of(self.figures.word(*_path(when)) if is_claim(when) else when, when).last

    def time_s(self, written: float | str | None, quantity: str, where: str) -> float:
        """As written or claimed."""
        if isinstance(written, str):
            return self.figures.number(*_path(written))
        return self.figures.given(written, MODEL, quantity, where)


@dataclass(frozen=True)
class End:
    """The earliest or the latest that anybody claims; of a date that is written, its first or its last day."""

    catalogue: Catalogue
    assume: Assume
    pick: Callable[..., datetime.date | float]

    def day(self, when: str) -> datetime.date:
        """The first or the last day of all that is claimed."""
        spans = [span(text) for text in _said(self.catalogue, self.assume, when)] if is_claim(when) else [span(when)]
        found = self.pick(day for s in spans if s for day in s)
        assert isinstance(found, datetime.date)
        return found

    def time_s(self, written: float | str | None, quantity: str, where: str) -> float:
        """The shortest or the longest that is claimed."""
        if isinstance(written, float):
            return written
        entry, name = _path(written) if written else (MODEL, quantity)
        if (own := self.assume.get(entry, {}).get(name)) is not None:
            return float(own)  # type: ignore[arg-type]
        heard = voices(claims_of(self.catalogue, entry, name), self.catalogue.quantity(entry, name))
        return float(self.pick(v for claim in heard for v in ends_of(claim)))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Timed:
    """One delivery with its days.

    Attributes
    ----------
    batch : str
        Name of its batch.
    brings : tuple of str
        In the user's words: parts as written, or systems.
    parts : frozenset of str
        Single parts.
    contract : date or None
        When it was signed, if that is told.
    delivered, ready : date
    """

    batch: str
    brings: tuple[str, ...]
    parts: frozenset[str]
    contract: datetime.date | None
    delivered: datetime.date
    ready: datetime.date


@dataclass(frozen=True)
class Arrived:
    """What of a system is there.

    Attributes
    ----------
    site : bool
        Its command post with all acquisition radars.
    units : mapping of int to int
        Numbers of the fire units whose radar and at least one launcher are, with these launchers.
    """

    site: bool
    units: Mapping[int, int]


def whole_of(system: System, figures: FigureSource) -> dict[str, tuple[str, ...]]:
    """What may be named of a system of which everything is there, each name with the single parts that it means."""
    units = len(system.fire_unit_positions or ()) or system.fire_units
    count = round(figures.number(system.type, "fire_units")) if units is None else units
    launchers = system.launchers or round(figures.number(system.type, "launchers_per_fire_unit"))
    return parts_of(
        system.name, dict.fromkeys(range(1, count + 1), launchers),
        sorted(ids_in(figures.word(system.type, "acquisition_radars"))),
        figures.word(system.type, "engagement_radar"), system.link == "up",
    )  # fmt: skip


def timed(batch: Batch, wholes: Mapping[str, NamedParts], times: Times) -> list[Timed]:
    """The deliveries of a batch with their days, in the order in which they are written.

    Parameters
    ----------
    batch : Batch
        Checked.
    wholes : mapping of str to mapping
        What its systems are made of when everything is there, by name; see :func:`whole_of`.
    times : Times

    Raises
    ------
    CatalogueError
        A claim is none, or says no date.
    """
    contract = times.day(batch.contract) if batch.contract else None
    if batch.deliveries:
        dated = [(times.day(d.delivered), d.parts) for d in batch.deliveries]
    elif batch.delivered:
        dated = [(times.day(batch.delivered), None)]
    else:
        assert contract is not None, "the checks ask for one of them"
        day = _later(contract, times.time_s(batch.delivery_time, "delivery_time", batch.name))
        dated = [(min(day, times.day(batch.ready)) if batch.ready else day, None)]
    everything = frozenset(p for name in batch.systems for parts in wholes[name].values() for p in parts if is_aim(p))
    listed = [_single(parts or (), wholes) & everything for _, parts in dated]
    rest = everything.difference(*listed)
    rows = []
    for k, (day, parts) in enumerate(dated):
        mine = listed[k] | (rest if k == len(dated) - 1 else frozenset())
        brings = parts or (batch.systems if len(dated) == 1 else _called(mine, batch, wholes))
        rows.append(Timed(batch.name, tuple(brings), mine, contract, day, _ready(batch, day, times)))
    return rows


def _called(parts: frozenset[str], batch: Batch, wholes: Mapping[str, NamedParts]) -> tuple[str, ...]:
    """The sites and fire units that some parts make up."""
    sites = {name: set(wholes[name].get(name, ())) for name in batch.systems}
    sites |= {f"{name}/{k}": set(unit) for name in batch.systems for k, unit in units_of(wholes[name], name).items()}
    found = [name for name, single in sites.items() if single and parts.issuperset(single)]
    return tuple(found) if found and parts.issubset(p for name in found for p in sites[name]) else ("the rest",)


def _ready(batch: Batch, delivered: datetime.date, times: Times) -> datetime.date:
    if batch.ready:
        return max(times.day(batch.ready), delivered)
    begins = times.day(batch.training_from) if batch.training_from else delivered
    trained = _later(begins, times.time_s(batch.training, "crew_training", batch.name))
    return _later(max(delivered, trained), times.time_s(batch.work_up, "work_up", batch.name))


def _later(day: datetime.date, time_s: float) -> datetime.date:
    return day + datetime.timedelta(days=math.ceil(time_s / DAY_S - 1e-9))


def _single(names: Sequence[str], wholes: Mapping[str, NamedParts]) -> frozenset[str]:
    """The single parts that names mean, whatever the case of their letters."""
    named = {name.lower(): parts for whole in wholes.values() for name, parts in whole.items()}
    return frozenset(part for name in names for part in named.get(name.lower(), ()))


def deliveries_of(scenario: Scenario, figures: FigureSource, times: Times) -> tuple[dict[str, NamedParts], list[Timed]]:
    """What the systems of a scenario's batches are made of, by name, and everything that comes of those bought."""
    wholes = wholes_of(scenario, figures)
    return wholes, [d for b in scenario.bought for d in timed(b, wholes, times)]


def wholes_of(scenario: Scenario, figures: FigureSource) -> dict[str, NamedParts]:
    """What the systems of a scenario's batches are made of, by name: also of those that are not bought."""
    by_name = {s.name: s for s in scenario.systems}
    return {n: whole_of(by_name[n], figures) for b in scenario.batches for n in b.systems}


def there(system: str, whole: NamedParts, deliveries: Sequence[Timed], day: datetime.date) -> Arrived:
    """What of a system is there on a day: what is ready by then."""
    ready = frozenset(part for d in deliveries if d.ready <= day for part in d.parts)
    site = whole.get(system, ())
    units = {}
    for number, (radar, *rails) in units_of(whole, system).items():
        launchers = len(ready.intersection(rails))
        if radar in ready and launchers:
            units[number] = launchers
    return Arrived(bool(site) and ready.issuperset(site), units)


def units_of(whole: NamedParts, system: str) -> dict[int, tuple[str, ...]]:
    """Radar and launchers of each fire unit of a whole system, by number."""
    after = ((name[len(system) + 1 :], parts) for name, parts in whole.items())
    return {int(number): parts for number, parts in after if number.isdigit()}


def claims_of(catalogue: Catalogue, entry: str, quantity: str) -> list[Claim]:
    """Everything that is claimed of a quantity and not excluded as wrong."""
    return [c for c in catalogue.quantity(entry, quantity).claims if not c.excluded]


def whose(batch: Batch, resolved: Callable[[str, str], Resolved]) -> list[dict[str, Any]]:
    """Who says the dates and times that the readiness of a batch follows from.

    Parameters
    ----------
    batch : Batch
    resolved : callable
        Takes entry and quantity, gives the claim that is used.

    Returns
    -------
    list of dict
        ``about`` (the key of the batch), ``path`` of the claim (``""``: written in the scenario), ``says``,
        ``claimant`` and ``note``, in order of time.
    """
    rows = []
    for about, written, otherwise in _asked(batch):
        path = written if isinstance(written, str) and is_claim(written) else "" if written is not None else otherwise
        if path:
            found = resolved(*_path(path))
            claim = found.claim
            says = claim.as_claimed(found.value) if claim else str(found.value)
            who, note = (claim.claimant, claim.note) if claim else (THIS, "")
        else:
            says, who, note = (written if isinstance(written, str) else _in_days(written)), THIS, ""
        rows.append({"about": about, "path": path, "says": says, "claimant": who, "note": note})
    return rows


def _asked(batch: Batch) -> list[tuple[str, float | str | None, str]]:
    """Key, what is written, and the claim that is taken otherwise, of all that counts."""
    asked: list[tuple[str, float | str | None, str]] = []
    if batch.contract:
        asked.append(("contract", batch.contract, ""))
    dated = [d.delivered for d in batch.deliveries] or ([batch.delivered] if batch.delivered else [])
    asked += [("delivered", when, "") for when in dated]
    if not dated:
        asked.append(("delivery_time", batch.delivery_time, f"{MODEL}.delivery_time"))
    if batch.ready:
        return [*asked, ("ready", batch.ready, "")]
    if batch.training_from:
        asked.append(("training_from", batch.training_from, ""))
    return [
        *asked,
        ("training", batch.training, f"{MODEL}.crew_training"),
        ("work_up", batch.work_up, f"{MODEL}.work_up"),
    ]


def _in_days(time_s: float | None) -> str:
    return f"{(time_s or 0.0) / DAY_S:.4g} days"


def _said(catalogue: Catalogue, assume: Assume, when: str) -> list[str]:
    entry, quantity = _path(when)
    own = assume.get(entry, {}).get(quantity)
    return [str(own)] if own is not None else [str(c.value) for c in claims_of(catalogue, entry, quantity)]


def _path(text: str) -> tuple[str, str]:
    entry, _, quantity = text.rpartition(".")
    return entry, quantity


def _span_of(text: str, written: str) -> Span:
    found = span(text)
    if found is None:
        raise CatalogueError(f'"{written}" says "{text}", which is no date')
    return found
