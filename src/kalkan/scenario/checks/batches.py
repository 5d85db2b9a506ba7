"""Cross-checks of batches: what they bring comes once, after its contract, and is said without contradiction."""

from __future__ import annotations

import datetime
from typing import Any

from kalkan.catalogue import DEFAULT, Catalogue, CatalogueError, read_stance
from kalkan.scenario.checks.parts import parts_of_system
from kalkan.scenario.checks.review import Review, items_of, text_of
from kalkan.scenario.nouns.dates import EXAMPLE, is_claim, read_when, sound, span
from kalkan.scenario.nouns.places import Place, nearest
from kalkan.scenario.parts import is_aim
from kalkan.scenario.readiness import Claimed, Used, claims_of
from kalkan.units import UNITS

_DATES = ("contract", "delivered", "training_from", "ready")
_TIMES = ("delivery_time", "training", "work_up")
_WHEN = ("delivered", "deliveries", "contract")


def check_batches(review: Review) -> None:
    """Systems, dates, times and parts of every batch; and the day that is asked about."""
    brought: dict[str, str] = {}
    for i, entry in review.entries("batches"):
        place: Place = ("batches", i)
        _check_systems(review, place, entry, brought)
        _check_said(review, place, entry)
        _check_claims(review, place, entry)
        _check_deliveries(review, place, entry)
        _check_order(review, place, entry)
    for key, why in (("as_of", "no system has a date"), ("first_batches", "there are none to count")):
        if key in review.tree and not review.tree.get("batches"):
            review.say((key,), f"does nothing without [[batches]]: {why}; write some, or remove it")
        if key in review.tree and "theory" in review.tree:
            told = "stands beside theory, whose closed form is of a defence that is whole: remove one of them"
            review.say((key,), told)
    _check_number(review)


def _check_number(review: Review) -> None:
    """No more batches are bought than are written."""
    bought, written = review.tree.get("first_batches"), len(items_of(review.tree, "batches"))
    if isinstance(bought, int) and written and bought > written:
        what = "one is" if written == 1 else f"{written} are"
        review.say(("first_batches",), f"is more than there are: {what} written as [[batches]]")


def _check_systems(review: Review, place: Place, entry: dict[str, Any], brought: dict[str, str]) -> None:
    """Every system is one of the scenario's and comes once."""
    if entry.get("systems") == []:
        review.say((*place, "systems"), 'is empty; name what it brings, such as systems = ["north"]')
    known, own = review.names("systems"), text_of(entry, "name")
    for k, name in enumerate(items_of(entry, "systems")):
        here = (*place, "systems", k)
        if not isinstance(name, str):
            continue
        if name not in known:
            brings = "; a batch brings [[systems]], which say what they are and where they stand"
            review.say(here, f"is not a system of this scenario{nearest(name, known, show_all=0) or brings}")
        elif name in brought:
            other = "twice by this batch" if brought[name] == own else f'by batch "{brought[name]}" already'
            review.say(here, f"is brought {other}; a system comes once, if in several deliveries")
        else:
            brought[name] = own


def _check_said(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """It is said when it comes, once, and nothing that counts for nothing."""
    if not any(key in entry for key in _WHEN):
        review.say(place, 'does not say when it comes: write delivered, deliveries, or contract, such as "2026-01-01"')
    dated = [key for key in ("delivered", "deliveries") if key in entry]
    if len(dated) == 2:
        review.say((*place, "delivered"), "is said by deliveries already; remove one of them")
    if dated and "delivery_time" in entry:
        review.say((*place, "delivery_time"), f"does nothing beside {dated[0]}: it is for what has no date; remove it")
    for key in ("delivery_time", "training_from", "training", "work_up"):
        if key in entry and "ready" in entry:
            review.say((*place, key), "does nothing beside ready, which says the day; remove one of them")


def _check_claims(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """What names a claim names one, and one that says a date or a time."""
    for key in (*_DATES, *_TIMES):
        _check_claim(review, (*place, key), entry.get(key), time=key in _TIMES)
    for k, delivery in enumerate(items_of(entry, "deliveries")):
        if isinstance(delivery, dict):
            _check_claim(review, (*place, "deliveries", k, "delivered"), delivery.get("delivered"), time=False)


def _check_claim(review: Review, place: Place, written: Any, *, time: bool) -> None:
    if not isinstance(written, str) or not is_claim(written):
        return
    entry, _, quantity = written.rpartition(".")
    found = review.catalogue.entries.get(entry)
    if found is None:
        near = nearest(entry, review.catalogue.ids("deal"))
        review.say(place, f'names "{entry}", which is not in the catalogue{near}')
        return
    if quantity not in found.quantities:
        fit = [q for q in found.quantities if _fits(review.catalogue, entry, q, time=time)]
        review.say(place, f'names a quantity that "{entry}" does not have{nearest(quantity, fit)}')
    elif not _fits(review.catalogue, entry, quantity, time=time):
        told = "a time, such as s-400-deal.course_length" if time else "a date, such as s-400-deal.first_delivery"
        review.say(place, f"is not a claim about {told}")
    else:
        _check_assumed(review, entry, quantity, time=time)


def _check_assumed(review: Review, entry: str, quantity: str, *, time: bool) -> None:
    """What the scenario assumes of a claim that stands for a date is one."""
    assumed = review.table("assume").get(entry)
    own = assumed.get(quantity) if isinstance(assumed, dict) else None
    if not time and isinstance(own, str) and span(own) is None:
        review.say(("assume", entry, quantity), f"is no date, and a batch takes it for one; write it as {EXAMPLE}")


def _fits(catalogue: Catalogue, entry: str, quantity: str, *, time: bool) -> bool:
    """Whether everything that is claimed of a quantity is a time, or a date."""
    claims = claims_of(catalogue, entry, quantity)
    if time:
        return catalogue.quantity(entry, quantity).dimension == UNITS["s"][0]
    return bool(claims) and all(isinstance(c.value, str) and span(c.value) is not None for c in claims)


def _check_deliveries(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Each delivery brings parts of the batch's own systems that no other brings."""
    listed = items_of(entry, "deliveries")
    if entry.get("deliveries") == []:
        review.say((*place, "deliveries"), "is empty; write each with its date and parts, or delivered alone")
    mine = {n for n in items_of(entry, "systems") if isinstance(n, str)}
    named: dict[str, tuple[str, ...]] = {}
    for _, system in review.entries("systems"):
        if text_of(system, "name") in mine:
            named |= {n: parts for n, parts in parts_of_system(review, system).items() if is_aim(n)}
    spelt = {n.lower(): n for n in named}
    come: dict[str, tuple[int, int]] = {}
    for k, delivery in enumerate(listed):
        if not isinstance(delivery, dict):
            continue
        here: Place = (*place, "deliveries", k, "parts")
        if delivery.get("parts") == [] or ("parts" not in delivery and k < len(listed) - 1):
            told = "is empty; name" if "parts" in delivery else "brings nothing: the last one brings what is left; name"
            review.say(here if "parts" in delivery else here[:-1], f'{told} its parts, such as parts = ["north/1"]')
        for j, name in enumerate(items_of(delivery, "parts")):
            if not isinstance(name, str) or not named:
                continue
            known = spelt.get(name.lower())
            if known is None:
                review.say((*here, j), f"is not a part of what this batch brings{_near(name, list(named))}")
                continue
            twice = [part for part in named[known] if come.setdefault(part, (k, j)) != (k, j)]
            if twice:
                review.say((*here, j), f'brings "{twice[0]}", which has come already; a part comes once')


def _near(name: str, known: list[str]) -> str:
    short = ", ".join(f'"{n}"' for n in sorted(known, key=lambda n: (len(n), n))[:4])
    return nearest(name, known, show_all=0) or f"; known are {short} and more"


def _check_order(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Nothing comes before its contract, and nothing is ready before it has come."""
    contract, ready = _day(review, entry.get("contract")), _day(review, entry.get("ready"))
    deliveries: list[tuple[Place, Any]] = [((*place, "delivered"), entry.get("delivered"))]
    deliveries += [
        ((*place, "deliveries", k, "delivered"), d.get("delivered"))
        for k, d in enumerate(items_of(entry, "deliveries"))
        if isinstance(d, dict)
    ]
    days = [(here, day) for here, written in deliveries if (day := _day(review, written)) is not None]
    for here, day in days:
        if contract is not None and day < contract:
            review.say(here, f"is {day}, before the contract of {contract}; one of the two dates is wrong")
    last = max((day for _, day in days), default=contract)
    if ready is not None and last is not None and ready < last:
        what = "delivery" if days else "contract"
        review.say((*place, "ready"), f"is {ready}, before the {what} of {last}; one of the two dates is wrong")


def _day(review: Review, written: Any) -> datetime.date | None:
    """The day that counts of a raw date under the scenario's stance, or None if it is not sound."""
    text = sound(read_when, written)
    if text is None:
        return None
    try:
        return Used(Claimed(_under(review), _assumed(review))).day(text)
    except CatalogueError:
        return None


def _under(review: Review) -> Catalogue:
    written = review.tree.get("stance", DEFAULT)
    table = written if isinstance(written, dict) else {"whose": written}
    parts = [str(table.get("whose", DEFAULT))]
    named = table.get("claims")
    for entry, quantities in named.items() if isinstance(named, dict) else ():
        parts += [f"{entry}.{q}={who}" for q, who in quantities.items()] if isinstance(quantities, dict) else []
    try:
        return review.catalogue.under(read_stance("+".join(parts), review.catalogue))
    except CatalogueError:
        return review.catalogue


def _assumed(review: Review) -> dict[str, dict[str, object]]:
    """Dates that the scenario assumes."""
    tables = {e: t for e, t in review.table("assume").items() if isinstance(t, dict)}
    return {e: {q: v for q, v in t.items() if isinstance(v, str) and span(v)} for e, t in tables.items()}
