"""ASTERIX: what radars report and posts believe, as surveillance systems say it; marked simulated.

Category 048 edition 1.32 for plots (I048/020 SIM set), category 062 edition 1.20 for confirmed tracks
(I062/080 SIM set; MD4 says whether a post's military interrogation brought a reply, where posts tell sides apart);
www.eurocontrol.int/asterix . Numbers of stations: SAC 0; SIC 1, 2, … for the
radars and 101, 102, … for the posts, in order of their names. What these formats cannot say stays
out: a plot beyond 256 nautical miles has no place in I048/040, a height beyond 62 km none in I048/110.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np

from kalkan.earth.geodesy import enu_basis, rotated
from kalkan.engine.recorded import Belief
from kalkan.engine.recording import Floats, Recording, Track, geodetic
from kalkan.exports import believed

PORT = 8600
TOGETHER_S = 0.5  # reports of one station within this time share a data block [s]
MOST_RECORDS = 30  # in one block, so that a datagram fits an Ethernet frame
NAUTICAL_MILE_M = 1852.0
FOOT_M = 0.3048
LONGEST_NMI = 255.9
HIGHEST_M = 62_000.0
PRIMARY_SIMULATED = 0b0011000  # I048/020: TYP 1, SIM
BY_RADAR_CONFIRMED = 0b0010100  # I062/080: MRH geometric, SRC 3D radar, CNF confirmed
SIMULATED, LAST, FIRST = 0b1000000, 0b0100000, 0b0010000  # I062/080: SIM, TSE, TSB
NOT_ASKED, FRIENDLY_TARGET, NO_REPLY = 0, 1, 3  # I062/080: MD4
MD4 = 4  # its place in the third octet [bits from the right, without FX]
Report = tuple[float, int, int, dict[str, Any]]  # time [s], category, station, items


def packets(recording: Recording, start: datetime) -> Iterator[tuple[float, bytes]]:
    """Data blocks, each with the time of its last report [s], in order of time."""
    midnight_s = (start - start.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
    reports = sorted([*_plots(recording, midnight_s), *_tracks(recording, midnight_s)], key=lambda r: r[:3])
    waiting: dict[tuple[int, int], list[Report]] = {}
    blocks: list[tuple[float, bytes]] = []
    for report in reports:
        mine = waiting.setdefault(report[1:3], [])
        if mine and (report[0] - mine[0][0] > TOGETHER_S or len(mine) == MOST_RECORDS):
            blocks.append(_block(mine))
            mine.clear()
        mine.append(report)
    blocks += [_block(mine) for mine in waiting.values() if mine]
    yield from sorted(blocks)


@cache
def _categories() -> dict[int, Any]:
    from asterix import generated

    return {48: generated.Cat_048_1_32, 62: generated.Cat_062_1_20}


def _block(reports: list[Report]) -> tuple[float, bytes]:
    category = _categories()[reports[0][1]]
    records = [category.cv_record.create(items) for *_, items in reports]
    data: bytes = category.create(records).unparse().to_bytes()
    return reports[-1][0], data


def left_out(recording: Recording) -> str:
    """A sentence about the plots that category 048 cannot say; empty if there are none."""
    beyond = [i for i, _, slant_m in _polar(recording) if slant_m > LONGEST_NMI * NAUTICAL_MILE_M]
    false = sum(recording.plots.threat[i] < 0 for i in beyond)
    return (
        f"{len(beyond):,} of {recording.plots.t_s.size:,} plots, {false:,} of them false ones, are left out: category "
        "048 ends 256 nautical miles (474 km) from the radar; tracks beyond are in category 062" if beyond else ""
    )


def _polar(recording: Recording) -> Iterator[tuple[int, float, float]]:
    """Number, azimuth [degrees] and slant range [m] of each plot from its radar."""
    plots = recording.plots
    for radar in np.unique(plots.radar):
        mine = np.flatnonzero(plots.radar == radar)
        site = recording.site("radar", int(radar))
        lat, lon = np.radians(site.geodetic[:2])
        local = rotated(enu_basis(lat, lon), plots.position_m[mine] - site.position_m)
        azimuth = np.degrees(np.arctan2(local[:, 0], local[:, 1])) % 360.0
        yield from zip(mine.tolist(), azimuth.tolist(), np.linalg.norm(local, axis=1).tolist(), strict=True)


def _plots(recording: Recording, midnight_s: float) -> Iterator[Report]:
    plots = recording.plots
    heights = geodetic(plots.position_m)[:, 2] if plots.t_s.size else np.zeros(0)
    for k, azimuth, slant_m in _polar(recording):
        if slant_m > LONGEST_NMI * NAUTICAL_MILE_M:
            continue
        t_s, station = float(plots.t_s[k]), min(int(plots.radar[k]) + 1, 100)
        items = {
            "010": (("SAC", 0), ("SIC", station)),
            "140": (_of_day(midnight_s, t_s), "s"),
            "020": (PRIMARY_SIMULATED,),
            "040": (("RHO", (slant_m / NAUTICAL_MILE_M, "NM")), ("THETA", (min(azimuth, 359.99), "°"))),
        }
        if abs(heights[k]) < HIGHEST_M:
            items["110"] = (0, (heights[k] / FOOT_M, "ft"))  # two spare bits, height
        yield t_s, 48, station, items


def _tracks(recording: Recording, midnight_s: float) -> Iterator[Report]:
    confirmed = [t for t in recording.tracks if t.confirmed_s == t.confirmed_s]
    beliefs = believed.by_track(recording)
    for number, track in enumerate(confirmed):
        yield from _track(track, beliefs.get(track.name, []), number % 65536, midnight_s)


def _track(track: Track, beliefs: list[Belief], number: int, midnight_s: float) -> Iterator[Report]:
    """A report at each update since the track was confirmed, and one that ends it, where it then should be."""
    motion, station = track.motion, min(101 + track.post, 255)
    since = np.flatnonzero(motion.t_s >= track.confirmed_s)
    for k in since:
        status = SIMULATED | (FIRST if k == since[0] else 0)
        t_s = float(motion.t_s[k])
        yield t_s, 62, station, _items(
            motion.position_m[k], motion.velocity_m_s[k], track.sigma_m[k],
            station, number, (status, *_reply(beliefs, t_s)), _of_day(midnight_s, t_s),
        )  # fmt: skip
    position = motion.position_m[-1] + (track.end_s - motion.t_s[-1]) * motion.velocity_m_s[-1]
    yield track.end_s, 62, station, _items(
        position, motion.velocity_m_s[-1], track.sigma_m[-1], station, number,
        (SIMULATED | LAST, *_reply(beliefs, track.end_s)), _of_day(midnight_s, track.end_s),
    )  # fmt: skip


def _reply(beliefs: list[Belief], t_s: float) -> list[int]:
    """The third octet of I062/080, of tracks that their post asked about: what that brought until then."""
    if not beliefs:
        return []
    known = believed.at(beliefs, t_s)
    replied = None if known is None else believed.replied(known.evidence)
    return [{None: NOT_ASKED, True: FRIENDLY_TARGET, False: NO_REPLY}[replied] << MD4]


def _items(
    position_m: Floats, velocity_m_s: Floats, sigma_m: Floats, station: int, number: int, status: tuple[int, ...],
    day_s: float,
) -> dict[str, Any]:
    lat, lon, height = (float(v) for v in geodetic(position_m))
    east, north, up = (float(v) for v in rotated(enu_basis(np.radians(lat), np.radians(lon)), velocity_m_s))
    return {
        "010": (("SAC", 0), ("SIC", station)),
        "070": (day_s, "s"),
        "105": (("LAT", (lat, "°")), ("LON", (lon, "°"))),
        "185": (("VX", (_within(east, -8190, 8190), "m/s")), ("VY", (_within(north, -8190, 8190), "m/s"))),
        "040": number,
        "080": (BY_RADAR_CONFIRMED, *status),
        "130": (_within(height / FOOT_M, -1500, 150e3), "ft"),
        "220": (_within(60.0 * up / FOOT_M, -200e3, 200e3), "ft/min"),
        "500": {
            "APC": (("X", (_within(sigma_m[0], 0, 32e3), "m")), ("Y", (_within(sigma_m[1], 0, 32e3), "m"))),
            "AGA": (_within(sigma_m[2] / FOOT_M, 0, 1590), "ft"),
        },
    }


def _within(value: float, low: float, high: float) -> float:
    """The value, held to what its item can say."""
    return float(min(max(value, low), high))


def _of_day(midnight_s: float, t_s: float) -> float:
    """Seconds since midnight of a scenario time [s]."""
    return (midnight_s + t_s) % 86400.0
