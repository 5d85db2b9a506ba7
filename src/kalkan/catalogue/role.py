"""What a quantity does in a run: it drives it, it checks a scenario, or it is only there to be read."""

from __future__ import annotations

from kalkan.catalogue.kinds import KINDS, OPTIONAL

DRIVES, CHECKS, DATES, CONTEXT = "drives", "checks", "dates", "context"
# of a deal, what says a date or a time: a batch of a scenario may name it
_DATED = frozenset(
    [
        "contract_date", "first_delivery", "second_delivery", "operational_date", "live_firing", "f35_expulsion",
        "course_length",
    ]
)  # fmt: skip
# kinds of entries that no scenario can name yet
_UNUSED_KINDS = frozenset(
    ["cueing radar", "listed part", "deal", "signature exposure"]
)
# asked of every such entry for its reader, or for a picture, and by no run
_READ_ONLY = frozenset(["length", "wingspan", "fire_units_controlled"])
_NOT_ASKED = frozenset(
    [
        ("targets_tracked", "radar"),  # a picture holds what its command post can hold
        ("scan_period", "engagement radar"),  # it searches with search_period and tracks with update_period
    ]
)
_CHECKED = frozenset(["tubes", "missiles_per_tube", "interceptors", "range"])


def role(quantity: str, kind: str) -> str:
    """What a quantity of a kind of entry does.

    Parameters
    ----------
    quantity : str
        Key of :data:`kalkan.catalogue.specs.SPECS`.
    kind : str
        Key of :data:`kalkan.catalogue.kinds.KINDS`.

    Returns
    -------
    str
        ``"drives"`` (a run computes with it), ``"checks"`` (a scenario's loads must fit it), ``"dates"`` (it counts
        where a batch of the scenario names it) or ``"context"`` (no run uses it).
    """
    if kind == "deal" and quantity in _DATED:
        return DATES
    if kind in _UNUSED_KINDS or quantity in _READ_ONLY or (quantity, kind) in _NOT_ASKED:
        return CONTEXT
    if quantity not in KINDS[kind] and quantity not in OPTIONAL.get(kind, ()):
        return CONTEXT
    return CHECKS if quantity in _CHECKED else DRIVES
