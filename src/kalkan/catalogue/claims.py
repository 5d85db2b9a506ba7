"""The catalogue's nouns: a claim, the claims about one quantity, an entry.

Everything here is frozen. A number is kept twice: as claimed ("230 km") for people and in SI for
the models. Nothing is averaged and nothing is dropped: a wrong claim stays, with the reason why it
is not used.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from kalkan.catalogue.specs import SPECS, Spec
from kalkan.units import SI_UNIT, UNITS, printed


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """One statement of one claimant about one quantity.

    Attributes
    ----------
    entry, quantity : str
        What it is about.
    value : float, str or None
        As claimed, in SI; None if only a range is claimed.
    low, high : float or None
        Claimed range, in SI.
    unit : str
        Unit as claimed; ``""`` for words.
    shown : str
        The claim as a reader writes it, such as ``"200 km (150 to 250)"``.
    conditions : mapping
        What it holds for: ``against``, ``band`` (a tuple), ``aspect``, ``rcs_m2``, ...
    level : str
        Level it is stated for, such as ``"fire unit"`` or ``"full complement"``.
    source : str
        Name of the source in the data files.
    claimant, kind, title, url, date, origin : str
        Who says so, what kind of claimant, where, when ("undated" if unknown) and whom it copies.
    version : str
        Of a source that changes, the version read (a commit), or ``""``.
    voice : str
        Kind of claimant that speaks through it: ``"manufacturer"`` for whoever repeats a maker.
    verified : str
        ``"seen"`` (the figure stood in a retrieved text) or ``"from memory"``.
    conflict : str
        Letters of :data:`kalkan.catalogue.kinds.CONFLICTS`.
    excluded : str
        Why it is wrong and never used; ``""`` if it may be used.
    note : str
        Remarks; for an assumption, its reason.
    beside : bool
        Of an assumption: whether it speaks beside what others claim.
    marked : str
        Why the range is kalkan's and not the claimant's (:mod:`kalkan.catalogue.voices`), or ``""``.
    listed : Claim or None
        Of a copy with another range: the claim as the catalogue lists it.
    """

    entry: str
    quantity: str
    value: float | str | None
    low: float | None
    high: float | None
    unit: str
    shown: str
    conditions: Mapping[str, float | str | tuple[str, ...]]
    level: str
    source: str
    claimant: str
    kind: str
    title: str
    url: str
    date: str
    version: str
    origin: str
    voice: str
    verified: str
    conflict: str = ""
    excluded: str = ""
    note: str = ""
    beside: bool = False
    marked: str = ""
    listed: Claim | None = None

    @property
    def spec(self) -> Spec:
        """What the quantity is."""
        return SPECS[self.quantity]

    @property
    def figure(self) -> float | str:
        """The value in SI or, for a bare range, its middle: geometric for what is uncertain by a factor."""
        if self.value is not None:
            return self.value
        low, high = float(self.low or 0.0), float(self.high or 0.0)
        return math.sqrt(low * high) if self.spec.by_factor else 0.5 * (low + high)

    def as_claimed(self, value_si: float | str) -> str:
        """Write an SI value in the unit of this claim."""
        if isinstance(value_si, str):
            return value_si
        number = f"{value_si / UNITS[self.unit][1]:.4g}"
        return f"{number} {printed(self.unit)}" if self.unit not in ("", "count", "fraction") else number


@dataclass(frozen=True, slots=True, eq=False)
class ClaimedQuantity:
    """All claims about one quantity of one entry.

    Attributes
    ----------
    name : str
        Key of :data:`kalkan.catalogue.specs.SPECS`.
    level : str
        The level at which the engine uses the quantity; claims for another level are only listed.
    claims : tuple of Claim
        In the order of the data file.
    default : mapping
        Conditions taken when the caller names none, such as ``{"rcs_m2": 4.0}``.
    conditions_from : mapping
        Conditions that no claim states, filled from another quantity of the entry.
    conflict, about : str
        Letters of the conflict among its claims, and how it is treated.
    contradicts : mapping
        Of words: what cannot be said on the day of a word or later, such as
        ``{"signed": ("not yet",)}``; see :mod:`kalkan.catalogue.timeline`.
    review : str
        Of a figure that matters: what its claims are worth, and why this value and this range.
    """

    name: str
    level: str
    claims: tuple[Claim, ...]
    default: Mapping[str, float | str] = field(default_factory=dict)
    conditions_from: Mapping[str, str] = field(default_factory=dict)
    conflict: str = ""
    about: str = ""
    contradicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    review: str = ""

    @property
    def spec(self) -> Spec:
        """What the quantity is."""
        return SPECS[self.name]

    @property
    def dimension(self) -> str:
        """Dimension (a key of :data:`kalkan.units.SI_UNIT`) or ``"text"``."""
        return self.spec.dimension

    @property
    def unit_si(self) -> str:
        """SI unit of resolved values; ``""`` for words."""
        return SI_UNIT.get(self.spec.dimension, "")


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A thing of the catalogue: a system, radar, launcher, interceptor, air vehicle.

    Attributes
    ----------
    id, name, kind, about : str
        Identifier, usual name, key of :data:`kalkan.catalogue.kinds.KINDS`, one sentence.
    quantities : mapping of str to ClaimedQuantity
        In the order of the data file.
    aliases : tuple of str
        What sources call it besides, such as ``("Shahed-136", "Geran-2")``; of a class, its types.
    """

    id: str
    name: str
    kind: str
    about: str
    quantities: Mapping[str, ClaimedQuantity]
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Whatever it is looked for by: usual name and aliases."""
        return (self.name, *self.aliases)
