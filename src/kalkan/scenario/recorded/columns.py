"""Which column of a table of recorded tracks is what, and in which unit.

Names are those of OpenSky's state vectors, of trackers and of hand-made tables; case, spaces and what is no letter
or digit do not count. A unit may stand at the end of a name: ``altitude_ft``, ``speed [kt]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kalkan.errors import nearest_of
from kalkan.units import unit_named

TIME, SEEN, ID, CALLSIGN, LAT, LON = "time", "time of the position", "id", "callsign", "lat", "lon"
GEOMETRIC, BAROMETRIC, SPEED, HEADING, GROUND = "geometric altitude", "altitude", "speed", "heading", "on ground"
NAMES: dict[str, tuple[str, ...]] = {
    TIME: (
        "time", "timestamp", "datetime", "t", "utc", "epoch", "snapshottime", "basetime",
        "timeposition", "lastposupdate", "lastcontact",
    ),
    SEEN: ("lastposupdate", "timeposition", "lastposition"),
    ID: ("icao24", "icao", "id", "trackid", "flightid", "hex", "address", "modes", "aircraft", "aircraftid"),
    CALLSIGN: ("callsign", "flight", "ident"),
    LAT: ("lat", "latitude"),
    LON: ("lon", "lng", "long", "longitude"),
    GEOMETRIC: ("geoaltitude", "geometricaltitude", "altgeom", "gnssaltitude", "height"),
    BAROMETRIC: ("altitude", "alt", "baroaltitude", "barometricaltitude", "altbaro"),
    SPEED: ("velocity", "speed", "groundspeed", "gs", "speedoverground"),
    HEADING: ("heading", "track", "truetrack", "course", "trackangle"),
    GROUND: ("onground", "ground"),
}  # fmt: skip
"""What a column is → names that it goes by, the likeliest first."""
NEEDED = (TIME, LAT, LON)
UNITS = ("m", "ft", "km", "m/s", "kt", "km/h")
_ENDINGS = {"ms": "m/s", "mps": "m/s", "kmh": "km/h", "deg": "deg", "degrees": "deg", "s": "s"}


class ColumnUnit(NamedTuple):
    """A column of the table: its own name, and the unit that the name tells (``""``: none)."""

    name: str
    unit: str = ""


def columns_of(header: Iterable[str]) -> dict[str, ColumnUnit]:
    """What each column that is known is; of several of one meaning the likeliest."""
    read = [(name, *_parts(name)) for name in header]
    found: dict[str, ColumnUnit] = {}
    for meaning, words in NAMES.items():
        for word in words:
            mine = next((ColumnUnit(name, unit) for name, bare, unit in read if bare == word), None)
            if mine is not None:
                found.setdefault(meaning, mine)
    return found


def lacking(header: Iterable[str], found: dict[str, ColumnUnit]) -> list[str]:
    """What a table must have and has not, one sentence each."""
    words = list(header)
    told = [f'has no column "{m}"{_near(NAMES[m], words)}' for m in NEEDED if m not in found]
    if ID not in found and CALLSIGN not in found:
        told.append(f'has no column "id" that tells the aircraft apart (icao24, id, callsign){_near(NAMES[ID], words)}')
    if GEOMETRIC not in found and BAROMETRIC not in found:
        told.append(f'has no column "altitude"{_near((*NAMES[BAROMETRIC], *NAMES[GEOMETRIC]), words)}')
    return told


def _near(words: tuple[str, ...], header: list[str]) -> str:
    near = next((name for name in header if nearest_of(_parts(name)[0], words, alike=0.75)), None)
    return f' — is it "{near}"?' if near else ""


def _parts(name: str) -> tuple[str, str]:
    """A name without its marks, in small letters, and the unit behind it."""
    text = name.strip().lower()
    marked = re.search(r"[\[(]\s*([^\])]+?)\s*[\])]\s*$", text)
    if marked:
        return _bare(text[: marked.start()]), _unit(marked[1])
    head, mark, tail = text.rpartition("_")
    unit = _unit(tail) if mark else ""
    return (_bare(head), unit) if unit else (_bare(text), "")


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text)


def _unit(text: str) -> str:
    """A unit of :data:`UNITS` (or degrees, seconds), as spelt at the end of a name, or ``""``."""
    unit = _ENDINGS.get(_bare(text)) or unit_named(text) or ""
    return unit if unit in UNITS or unit in ("deg", "s") else ""
