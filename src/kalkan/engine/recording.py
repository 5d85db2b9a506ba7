"""A recording: one replication as a story that views and exports can tell.

Positions are earth-centred (WGS-84 ECEF) in metres, times in seconds since the scenario's start.
Everything is in order of time. Indices are those of ``labels``; -1 means "none".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.engine.recorded import Area, Belief, Decision, Jamming, Link, Load, Reports, Strobes, Turn
from kalkan.engine.recorded import Floats as Floats
from kalkan.engine.recorded import Ints as Ints
from kalkan.showing import html


@dataclass(frozen=True)
class Motion:
    """Where something was.

    Attributes
    ----------
    t_s : float64 (n,)
        Strictly ascending [s].
    position_m, velocity_m_s : float64 (n, 3)
        ECEF [m] and [m/s].
    """

    t_s: Floats
    position_m: Floats
    velocity_m_s: Floats

    @cached_property
    def geodetic(self) -> Floats:
        """Latitude and longitude [degrees] and height above the ellipsoid [m], float64 (n, 3)."""
        return geodetic(self.position_m)

    def at(self, t_s: Any) -> Floats:
        """ECEF position [m] at times within the motion, linear between its points; (..., 3)."""
        columns = [np.interp(t_s, self.t_s, self.position_m[:, axis]) for axis in range(3)]
        return np.stack(columns, axis=-1)


def geodetic(position_m: Floats) -> Floats:
    """ECEF [m] → latitude, longitude [degrees], height [m]; the last axis has length 3."""
    lat, lon, height = ecef_to_geodetic(*np.moveaxis(np.asarray(position_m, float), -1, 0))
    return np.stack([np.degrees(lat), np.degrees(lon), height], axis=-1)


@dataclass(frozen=True)
class Installation:
    """Something that stands on the ground.

    Attributes
    ----------
    name : str
    role : str
        ``post``, ``search radar``, ``engagement radar``, ``fire unit`` or ``asset``.
    index : int
        Among the labels of its dimension (post, radar, unit, asset).
    position_m : float64 (3,)
        ECEF [m]; a radar's is its antenna's.
    about : dict
        Of a radar: ``range_m``, ``sector_rad``, ``boresight_rad``, ``scan_period_s``, ``scan_phase``
        (share of a scan that had passed at time 0) and ``post`` (-1: feeds none); of a fire unit:
        ``post``, ``radar``, ``reach_m`` (of its farthest-reaching interceptor), ``channels`` (for targets),
        ``rounds`` (ready at the start), ``rounds_per_launcher``; of an asset: ``value``.
    """

    name: str
    role: str
    index: int
    position_m: Floats
    about: dict[str, float]

    @property
    def geodetic(self) -> Floats:
        """Latitude and longitude [degrees] and height above the ellipsoid [m]."""
        return geodetic(self.position_m)


@dataclass(frozen=True)
class Threat:
    """A true object: what really flew.

    Attributes
    ----------
    index : int
    name, raid, side, kind, target_class : str
        Its name, its raid or flight, whose it is (a word of ``schema.SIDES``), its catalogue entry and that entry's
        class.
    motion : Motion
        From its start until it was killed, flew its route to the end, or the simulated time was over.
    outcome, reason : str
        How it ended, and why if it leaked; the words of ``kalkan.schema``.
    end_s : float
        When that was decided [s]; nan: unresolved. A carrier flies on after its release, and so does what gave up.
    killed_s : float
        When it was destroyed [s]; nan: never.
    aim : int
        Asset; -1: none.
    hit : bool
        Whether it leaked and hit its aim.
    """

    index: int
    name: str
    raid: str
    side: str
    kind: str
    target_class: str
    motion: Motion
    outcome: str
    reason: str
    end_s: float
    killed_s: float
    aim: int
    hit: bool


@dataclass(frozen=True)
class Track:
    """What a post believed: one track from its first plot to its deletion.

    Attributes
    ----------
    name : str
        Unique in the recording: post, slot, and how many tracks the slot had before.
    post : int
    motion : Motion
        The filter's estimate at each update.
    sigma_m : float64 (n, 3)
        1-sigma of the position in the post's east, north, up [m].
    threat : int64 (n,)
        True object of the plot of each update; -1: a false plot.
    confirmed_s : float
        When it became a confirmed track [s]; nan: never, or joined to another one at that moment.
    end_s : float
        When it was deleted, or the end of the simulated time [s].
    """

    name: str
    post: int
    motion: Motion
    sigma_m: Floats
    threat: Ints
    confirmed_s: float
    end_s: float

    @property
    def mostly(self) -> int:
        """True object of most of its updates; -1: false plots."""
        values, counts = np.unique(self.threat, return_counts=True)
        return int(values[counts.argmax()])


@dataclass(frozen=True)
class Missile:
    """One interceptor.

    Attributes
    ----------
    name : str
    unit : int
    interceptor : int
        Its type.
    aimed : int
        True object behind the track that it was sent to.
    met : int
        True object that it met; -1: nothing, or still flying.
    outcome : str
        ``kill``, ``miss``, ``found no target`` or ``in flight``.
    motion : Motion
        The arc of the fly-out model from the launch to the meeting point.
    """

    name: str
    unit: int
    interceptor: int
    aimed: int
    met: int
    outcome: str
    motion: Motion


@dataclass(frozen=True)
class Plots:
    """Every plot of the radars that search.

    Attributes
    ----------
    t_s : float64 (n,)
    radar, threat : int64 (n,)
        Which radar; true object (-1: false).
    position_m : float64 (n, 3)
        As measured, ECEF [m].
    sigma_m : float64 (n, 3)
        1-sigma in the post's east, north, up [m].
    """

    t_s: Floats
    radar: Ints
    threat: Ints
    position_m: Floats
    sigma_m: Floats


@dataclass(frozen=True)
class ToldBy:
    """An external source: a radar of others that told posts of its tracks.

    Attributes
    ----------
    name, kind : str
        Its name and its catalogue entry.
    airborne : bool
    motion : Motion
        Of its antenna, from 0 to the horizon.
    band : str
        Of its radar.
    range_m, scan_period_s : float
        How far it looks [m], and how often at each object [s].
    link : Link
    """

    name: str
    kind: str
    airborne: bool
    motion: Motion
    band: str
    range_m: float
    scan_period_s: float
    link: Link


@dataclass(frozen=True)
class Recording:
    """One replication of a finished run, whole.

    Attributes
    ----------
    path : Path
        The results folder.
    title, variant, label : str
        Title of the study; name and heading of the variant.
    replication, seed : int
    horizon_s : float
        Simulated time [s].
    labels : dict of str to list of str
        Names along threat, unit, interceptor, asset, post, radar.
    sites, threats, tracks, missiles, turns, loads, beliefs, decisions, sources, jammers, areas : sequence
    plots : Plots
    reports : Reports
    strobes : Strobes
    records : dict
        Every variable of ``kalkan.schema`` of this replication, the event log among them; of a campaign, of this wave.
    wave : str
        Of a campaign, the wave that is told; times count from the begin of its window.
    waves : tuple of str
        All of them.
    """

    path: Path
    title: str
    variant: str
    label: str
    replication: int
    seed: int
    horizon_s: float
    labels: dict[str, list[str]]
    sites: Sequence[Installation]
    threats: Sequence[Threat]
    tracks: Sequence[Track]
    missiles: Sequence[Missile]
    plots: Plots
    turns: Sequence[Turn]
    loads: Sequence[Load]
    beliefs: Sequence[Belief]
    decisions: Sequence[Decision]
    sources: Sequence[ToldBy]
    jammers: Sequence[Jamming]
    reports: Reports
    strobes: Strobes
    areas: Sequence[Area]
    records: dict[str, NDArray[Any]]
    wave: str = ""
    waves: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What a title calls it: ``replication 3``, or ``replication 3 · night 2`` of a campaign's wave."""
        return f"replication {self.replication}" + (f" · {self.wave}" if len(self.waves) > 1 else "")

    @property
    def origin(self) -> Floats:
        """Latitude and longitude [degrees] of the first post, else asset, and height 0: where pictures begin."""
        lat, lon, _ = next((s for s in self.sites if s.role == "post"), self.sites[0]).geodetic
        return np.array([lat, lon, 0.0])

    def boresight_rad(self, radar: int, t_s: float) -> float:
        """Compass direction of the middle of a radar's sector [rad]; an engagement radar turns with its unit."""
        unit = next((s for s in self.sites if s.role == "fire unit" and s.about["radar"] == radar), None)
        turned = [t.direction_rad for t in self.turns if unit and t.unit == unit.index and t.t_s <= t_s]
        return turned[-1] if turned else self.site("radar", radar).about["boresight_rad"]

    def beam_rad(self, radar: int, t_s: float) -> float:
        """Compass direction in which a searching radar looks [rad, 0..2π): its beam sweeps its sector evenly."""
        about = self.site("radar", radar).about
        width = about["sector_rad"]
        left = 0.0 if width >= 2.0 * np.pi else self.boresight_rad(radar, t_s) - 0.5 * width
        share = (t_s / about["scan_period_s"] + about["scan_phase"]) % 1.0
        return float((left + share * width) % (2.0 * np.pi))

    def site(self, role: str, index: int) -> Installation:
        """The site of that role and index; ``"radar"`` finds either kind."""
        return next(s for s in self.sites if s.role.endswith(role) and s.index == index)

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        return html(self)

    def __repr__(self) -> str:
        return (
            f"{self.title} · {self.label} · {self.called}: {len(self.threats)} threats, "
            f"{len(self.tracks)} tracks, {len(self.missiles)} missiles, {self.plots.t_s.size} plots"
        )
