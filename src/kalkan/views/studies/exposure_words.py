"""What a study of signature exposure found, as plain data, tables and sentences.

Every number has the one under the scenario's own stance, and its ends under all stances that were asked.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from kalkan.cover.collecting import QUARTERS, Collected, Knowledge
from kalkan.cover.exposure import Exposed
from kalkan.models.exposure import in_db
from kalkan.views.numbers import exact, number
from kalkan.views.studies.finding import HeadedRows

ExposureRecord = dict[str, Any]
KNOWN_DB = 1.0  # a sector counts as known from here on
MEASURED = 0.5  # relative error from which on reflectors hide a figure: two standard errors reach 0
_CURVE = 13  # points of a curve over days


def content(found: Sequence[Collected], title: str, stances: Sequence[str]) -> ExposureRecord:
    """Everything that was found.

    Parameters
    ----------
    found : sequence of Collected
        Of every variant under every stance.
    title : str
    stances : sequence of str
        The scenario's own first.
    """
    days = found[0].flying.days
    groups: dict[tuple[str, str], dict[str, Collected]] = {}
    for c in found:
        groups.setdefault((c.variant, c.aircraft), {})[c.stance] = c
    exposed = [_group(under, stances) for under in groups.values()]
    first = found[0]
    return {
        "title": title,
        "days": days,
        "stances": list(stances),
        "aircraft": {c.aircraft: c.name for c in found},
        "sectors": {
            "azimuth_deg": np.degrees(first.sectors.azimuths_rad).round(6).tolist(),
            "elevation_deg": np.degrees(first.sectors.elevations_rad).round(6).tolist(),
        },
        "exposed": exposed,
        "inputs": first.inputs,
    }


def _group(under: dict[str, Collected], stances: Sequence[str]) -> ExposureRecord:
    """One variant and type of aircraft: the own stance's numbers, each with its ends."""
    own, every = under[stances[0]], list(under.values())
    bands = own.by_band()
    others = [c.by_band() for c in every]
    days = sorted({round(float(d)) for d in np.geomspace(1.0, own.flying.days, _CURVE)})

    def ranged(of: Callable[[Collected, Exposed], float], band: str) -> ExposureRecord:
        values = [of(c, b[band]) for c, b in zip(every, others, strict=True) if band in b]
        return _ends(of(own, bands[band]), values)

    return {
        "variant": own.variant,
        "aircraft": own.aircraft,
        "flying": {
            key: _ends(getattr(own.flying, key), [getattr(c.flying, key) for c in every])
            for key in ("sorties_per_day", "radiating_share", "calibration", "background", "known", "lens_m")
        },
        "radars": [_radar(r) for r in own.radars],
        "bands": {
            band: {
                "sectors": ranged(lambda c, e: float(e.seen.sum()), band),
                "known": ranged(lambda c, e: float(c.within(e, KNOWN_DB)), band),
                "after_a_day_db": ranged(lambda c, e: float(in_db(c.typical(e, 1.0))), band),
                "after_all_db": ranged(lambda c, e: float(in_db(c.typical(e, c.flying.days))), band),
                "left_db": ranged(lambda c, e: float(in_db(c.left_over(e))), band),
                "over_days": [{"days": d, **ranged(partial(_typical_db, days=d), band)} for d in days],
                "quarters": {
                    q: _knowledge([(c, b[band]) for c, b in zip(every, others, strict=True) if band in b], q)
                    for q in QUARTERS
                },
                "error_db": _listed(in_db(own.errors(bands[band]))),
                "looks": _listed(bands[band].looks),
            }
            for band in bands
        },
    }


def _typical_db(c: Collected, exposed: Exposed, days: float) -> float:
    return float(in_db(c.typical(exposed, days)))


def _knowledge(pairs: Iterable[tuple[Collected, Exposed]], quarter: str) -> ExposureRecord:
    """What is known of a quarter; the first pair is the own stance's."""
    known: list[Knowledge] = [c.quarter(e, quarter) for c, e in pairs]
    first = known[0]
    told = {
        name: _ends(getattr(first, name), [getattr(k, name) for k in known])
        for name in ("rcs_m2", "looks", "plots", "own", "bound_m2", "days_to_1_db")
    }
    for name in ("from_looks", "from_plots", "own"):
        values = [float(in_db(getattr(k, name))) for k in known]
        told[f"{name}_db"] = _ends(values[0], values)
    return told


def _radar(r: Exposed) -> ExposureRecord:
    best = float(np.nanmax(r.best_snr_db)) if r.seen.any() else math.nan
    return {
        "radar": r.radar, "band": r.band, "looks": float(r.looks.sum()), "plots": float(r.plots.sum()),
        "in_sight_h": float(r.dwell_s.sum()) / 3600.0, "best_snr_db": _plain(best), "sectors": int(r.seen.sum()),
    }  # fmt: skip


def _ends(value: float, every: Sequence[float]) -> ExposureRecord:
    """A value with the ends of all; None for what JSON does not know."""
    finite = [v for v in every if not math.isnan(v)]
    low, high = (min(finite), max(finite)) if finite else (math.nan, math.nan)
    return {"value": _plain(value), "low": _plain(low), "high": _plain(high)}


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _listed(values: np.ndarray) -> list[list[float | None]]:
    return [[_plain(v) for v in row] for row in np.round(values, 4).tolist()]


# ---- tables
def tables(found: ExposureRecord) -> list[HeadedRows]:
    """What is collected, how well sectors are known, and what that says of nose, beam and tail."""
    return [_collected(found), _sectors(found), _quarters(found)]


def _collected(found: ExposureRecord) -> HeadedRows:
    rows = [
        [_who(found, g), f"{r['radar']} ({r['band']})", number(r["looks"], 0), number(r["plots"], 0),
         number(r["in_sight_h"], 1), _value(r["best_snr_db"], 0), str(r["sectors"])]
        for g in found["exposed"] for r in g["radars"]
    ]  # fmt: skip
    return ["a day", "radar (band)", "looks", "plots", "in sight [h]", "best SNR [dB]", "sectors"], rows


def _sectors(found: ExposureRecord) -> HeadedRows:
    rows = [
        [_who(found, g), band, f"{number(b['sectors']['value'], 0)}: {told(b['known'], 0)}", told(b["after_a_day_db"]),
         told(b["after_all_db"]), told(b["left_db"])]
        for g in found["exposed"] for band, b in g["bands"].items()
    ]  # fmt: skip
    heads = [
        "by sector", "band", f"seen: known to {KNOWN_DB:g} dB", "chance after a day ± [dB]",
        f"after {found['days']:,} days ± [dB]", "what days leave ± [dB]",
    ]  # fmt: skip
    return heads, rows


def _quarters(found: ExposureRecord) -> HeadedRows:
    rows = [
        [_who(found, g), f"{q} ({band})", told(k["rcs_m2"]), told(k["from_looks_db"], 2), told(k["own_db"]),
         told(k["bound_m2"])]
        for g in found["exposed"] for band, b in g["bands"].items() for q, k in b["quarters"].items()
    ]  # fmt: skip
    heads = [
        "own cross-section", "from (band)", "taken [m²]", "chance ± [dB]", "all errors ± [dB]", "shown below [m²]",
    ]  # fmt: skip
    return heads, rows


def _who(found: ExposureRecord, group: ExposureRecord) -> str:
    name = found["aircraft"][group["aircraft"]]
    return f"{group['variant']}: {name}" if len(found["aircraft"]) > 1 else str(group["variant"])


def told(record: ExposureRecord, places: int | None = None) -> str:
    """``0.62 (0.11 to 14)``; without ends where they are the same."""

    def text(value: float | None) -> str:
        if value is None:
            return "–"
        return _digits(value) if places is None else number(value, places)

    value, low, high = (text(record[key]) for key in ("value", "low", "high"))
    return value if low == high else f"{value} ({low} to {high})"


def _digits(value: float) -> str:
    """Two significant digits."""
    if value == 0.0:
        return "0"
    places = max(1 - math.floor(math.log10(abs(value))), 0)
    return number(value, places) if places <= 6 else exact(value)


def _value(value: float | None, places: int) -> str:
    return "–" if value is None else number(value, places)


# ---- sentences
def answer(found: ExposureRecord) -> str:
    """A sentence for each variant and type, about the nose in the band that knows it best."""
    lines = [_sentence(found, g) for g in found["exposed"] if g["bands"]]
    lines += [f"“{_who(found, g)}”: no radar looks." for g in found["exposed"] if not g["bands"]]
    if len(found["stances"]) > 1:
        lines.append(f"In brackets: under the stances {', '.join(found['stances'][1:])}, which is what is not known.")
    return "\n".join(lines)


def _sentence(found: ExposureRecord, group: ExposureRecord) -> str:
    bands = group["bands"]
    band = min(bands, key=lambda b: _or_inf(bands[b]["quarters"]["nose"]["own"]["value"]))
    k = bands[band]["quarters"]["nose"]
    name, sorties = found["aircraft"][group["aircraft"]], told(group["flying"]["sorties_per_day"])
    lead = f"“{group['variant']}”: after {found['days']:,} days with {sorties} flights a day, the nose of the {name}"
    if k["own"]["value"] is None:
        return f"{lead} has not been seen."
    if group["flying"]["lens_m"]["value"] and k["own"]["value"] >= MEASURED:
        return f"{lead} is only known to be below {told(k['bound_m2'])} m² ({band} band): what is seen are reflectors."
    known = f"{lead} is known to ± {told(k['own_db'])} dB in {band} band, ranges of detection to {_range(k['own'])}"
    return f"{known}; chance alone leaves ± {told(k['from_looks_db'])} dB."


def _range(own: ExposureRecord) -> str:
    """What an error of the cross-section is as one of a range of detection, which goes with the fourth root."""
    share = {key: None if own[key] is None else 100.0 * ((1.0 + own[key]) ** 0.25 - 1.0) for key in own}
    return f"± {told(share, 0)} %"


def _or_inf(value: float | None) -> float:
    return math.inf if value is None else value


# ---- all of it
def sectors_csv(found: Sequence[Collected]) -> str:
    """Every sector that is looked at, of every radar, variant and stance."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([
        "variant", "stance", "aircraft", "radar", "band", "azimuth_deg", "elevation_deg", "looks_per_day",
        "plots_per_day", "dwell_s_per_day", "snr_db", "best_snr_db", "rcs_m2", "reflector_m2", "error",
    ])  # fmt: skip
    for c in found:
        azimuth, elevation = np.degrees(c.sectors.azimuths_rad), np.degrees(c.sectors.elevations_rad)
        for r in c.radars:
            error = c.errors(r)
            for i, j in np.argwhere(r.seen):
                numbers = (
                    azimuth[i], elevation[j], r.looks[i, j], r.plots[i, j], r.dwell_s[i, j], r.snr_db[i, j],
                    r.best_snr_db[i, j], r.rcs_m2[i, j], r.reflector_m2[i, j], error[i, j],
                )  # fmt: skip
                writer.writerow([c.variant, c.stance, c.aircraft, r.radar, r.band, *(f"{v:.6g}" for v in numbers)])
    return out.getvalue()
