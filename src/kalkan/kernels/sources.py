"""External sources: what the loop knows of them, and what it keeps of what each of them sees.

A source is a radar of somebody else's, on the ground or on an orbit, with a tracker behind it and a link to the posts
that take its picture (``pictures.external_picture``). Without such a post every array here has one element, and the
loop never reads it.

An antenna that moves stands, for the terrain, in one of a few *places* along its orbit, each with a horizon table of
its own; for everything else where it truly is.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from kalkan.arrays import F4, F8, Struct
from kalkan.kernels.fields import INDEX, About, Field, Taken, given, record, switched
from kalkan.tracking import tables

PLACES = switched("sources.position or orbit, and the terrain")
ORBIT = switched("sources.orbit")
REFERENCE = "reference_p_d reference_p_fa pulses_integrated reference_swerling"


def told(quantities: str) -> Taken:
    """From these quantities of the catalogue, where a post takes the external picture."""
    return switched(f"systems.external_picture: {quantities}")


SOURCE_FIELDS = (
    Field("key", "u8", "", "hash of the name", INDEX),
    Field("first_knot", "i8", "", "first point of its orbit", INDEX),
    Field("n_knots", "i8", "", "points of its orbit; 1: it stands", INDEX),
    Field("orbit_s", "f8", "s", "time once round the orbit", ORBIT),
    Field("scan_period_s", "f8", "s", "time between two looks at an object", told("scan_period")),
    Field("range_min_m", "f8", "m", "shortest range", told("min_range")),
    Field("range_max_m", "f8", "m", "instrumented range", told("instrumented_range")),
    Field("tan_elevation_min", "f8", "1", "tangent of the lowest elevation", told("elevation_min")),
    Field("tan_elevation_max", "f8", "1", "tangent of the highest elevation", told("elevation_max")),
    Field("snr_1m_db", "f8", "dB", "SNR of 1 m2 at 1 m by the reference claim", told(f"detection_range {REFERENCE}")),
    Field("snr_reference_db", "f8", "dB", "SNR of the reference claim", told(REFERENCE)),
    Field("range_sigma_m", "f8", "m", "1-sigma at the reference SNR", told("range_sigma")),
    Field("azimuth_sigma_rad", "f8", "rad", "1-sigma at the reference SNR", told("azimuth_sigma")),
    Field("elevation_sigma_rad", "f8", "rad", "1-sigma at the reference SNR", told("elevation_sigma")),
    Field("noise_floor", "f8", "1", "least error of a strong signal, as a share of these",
          told("noise_floor_fraction")),
    Field("confirm_m", "i8", "1", "M of the initiation rule of its tracker", told("track_confirm_m")),
    Field("confirm_n", "i8", "1", "N of the initiation rule of its tracker", told("track_confirm_n")),
    Field("drop_misses", "i8", "1", "misses in a row that end one of its tracks", told("track_drop_misses")),
    Field("process_noise_m_s2", "f8", "m/s2", "1-sigma acceleration that its tracker allows for",
          told("process_noise")),
    Field("latency_s", "f8", "s", "from a report's time to the post", told("link_latency")),
    Field("update_s", "f8", "s", "time between two reports of a track", told("link_update_period")),
    Field("availability", "f8", "1", "share of the time in which the link is up", told("link_availability")),
    Field("outage_s", "f8", "s", "the link is up or down for so long at a time", told("link_outage")),
    Field("accuracy_m", "f8", "m", "1-sigma of what the link adds to a position, per axis", told("report_sigma")),
    Field("bias_m", "f8", "m", "1-sigma of the registration bias, east and north", told("registration_bias")),
    Field("registered", "i8", "", "1: posts estimate that bias and take it off", switched("[[sources]]: registered")),
    Field("identifies", "i8", "", "1: its reports say who answered its interrogator",
          switched("[[sources]]: identifies")),
    Field("p_wrong", "f8", "1", "probability that a track is correlated wrongly", told("wrong_correlation")),
)  # fmt: skip
KNOT_FIELDS = (  # orbits, one behind the other, at equal steps of time
    Field("position_m", "f8", "m", "ECEF", ORBIT, 3),
    Field("place", "i8", "", "the place that stands for it", INDEX),
)
PLACE_FIELDS = (  # where antennas stand, as the terrain sees them
    Field("position_m", "f8", "m", "antenna, ECEF", PLACES, 3),
    Field("to_local", "f8", "1", "ECEF difference → east, north, up", PLACES, (3, 3)),
    Field("antenna_m", "f8", "m", "antenna above sea level", told("antenna_height operating_altitude")),
    Field("range_max_m", "f8", "m", "instrumented range of whose antenna it is", told("instrumented_range")),
    Field("lat_terms", "f8", "1/m", "curvature at its latitude, see earth.refraction", PLACES, 3),
    Field("horizon_first", "i8", "", "first element of its table in sources.horizon", INDEX),
    Field("horizon_n_azimuth", "i8", "", "azimuths of that table", INDEX),
    Field("horizon_n_range", "i8", "", "ranges of that table", INDEX),
    Field("horizon_radius_m", "f8", "m", "range at which that table ends", PLACES),
)
SOURCES, ORBIT_KNOTS, ANTENNA_PLACES = map(record, (SOURCE_FIELDS, KNOT_FIELDS, PLACE_FIELDS))


class Sources(NamedTuple):
    """External sources and their links; arrays of one element each where no post takes their picture."""

    on: Annotated[int, About("", "1: some post takes their picture", given("systems.external_picture"))]
    radars: Annotated[Struct, SOURCE_FIELDS]  # (n_source,)
    knots: Annotated[Struct, KNOT_FIELDS]  # (n_knot,)
    places: Annotated[Struct, PLACE_FIELDS]  # (n_place,)
    rcs_dbsm: Annotated[
        F8, About("dB(m2)", "(kind, source, 3) cross-section from nose, beam, tail in the source's band", told("rcs"))
    ]
    p_d: Annotated[
        F8,
        About("1", "(source, 5, SNR) detection probability by Swerling class",
              told("pulses_integrated reference_p_fa")),
    ]  # fmt: skip
    horizon: Annotated[F4, About("1", "all horizon tables in a row: largest elevation tangent so far", PLACES)]


def off() -> Sources:
    """No external sources."""
    radars, knots, places = (np.zeros(1, kind) for kind in (SOURCES, ORBIT_KNOTS, ANTENNA_PLACES))
    return Sources(0, radars, knots, places, np.zeros((1, 1, 3)), np.zeros((1, 5, 1)), np.zeros(1, np.float32))


WATCH = np.dtype(
    [  # where each source stands in a replication, (n_source,)
        ("replication", "i8"),  # that it has begun; -1: none
        ("row", "i8"),  # and where that is recorded
        ("scan", "i8"),  # next scan
        ("report", "i8"),  # next report
        ("scan_phase", "f8"),  # share of a scan at time 0 [1]
        ("orbit_phase", "f8"),  # share of the orbit at time 0 [1]
        ("report_phase", "f8"),  # share of a report period at time 0 [1]
        ("bias_m", "f8", 2),  # registration bias, east and north [m]
        # the antenna now, with the names of RADARS' fields, so that it measures as any radar does
        ("snr_reference_db", "f8"),
        ("range_sigma_m", "f8"),
        ("azimuth_sigma_rad", "f8"),
        ("elevation_sigma_rad", "f8"),
        ("noise_floor", "f8"),
        ("to_picture", "f8", (3, 3)),  # local east-north-up → ECEF
        ("offset_m", "f8", 3),  # antenna, ECEF [m]
        ("place", "i8"),
    ],
    align=True,
)
FOLLOWED = np.dtype(
    [  # what each source holds of each true object, (n_source, n_threat)
        ("status", "i8"),  # FREE, TENTATIVE, CONFIRMED
        ("history", "i8"),  # its looks as bits, newest lowest
        ("misses", "i8"),  # in a row
        ("t_s", "f8"),  # time of the state [s]
        ("told_s", "f8"),  # time of the state that was reported last [s]
        ("spread_m2", "f8"),  # trace of the position's covariance [m2]
        ("x", "f8", 6),  # ECEF [m, m/s]
        ("p", "f8", (6, 6)),
    ],
    align=True,
)
PAIRED = np.dtype(
    [  # which track of a post is taken for a source's track, (n_picture, n_source, n_threat)
        ("slot", "i8"),  # -1: none
        ("serial", "i8"),
        ("number", "i8"),  # correlations so far: the ordinal of the next one's draw
    ],
    align=True,
)
LEARNT = np.dtype(
    [  # what posts have learnt of the sources' registration, (n_picture, n_source)
        ("offset_m", "f8", 2),  # estimate of the bias, east and north [m]
        ("q_m2", "f8", (2, 2)),  # its covariance [m2]
    ],
    align=True,
)
BEARINGS = np.dtype(
    [  # strobes that a source has not told yet, (n_source, n_jammer)
        ("waiting", "i8"),  # 1: one is there, the newest
        ("direction_rad", "f8"),  # where it heard the jammer and saw nothing (compass) [rad]
    ],
    align=True,
)
OWNED = np.dtype([("threat", "i8"), ("serial", "i8")], align=True)  # and the other way, (n_picture, n_source, slot)


class External(NamedTuple):
    """What changes of the external sources while a replication runs."""

    watch: Struct  # (n_source,) WATCH
    followed: Struct  # (n_source, n_threat) FOLLOWED
    paired: Struct  # (n_picture, n_source, n_threat) PAIRED
    owned: Struct  # (n_picture, n_source, slot) OWNED
    learnt: Struct  # (n_picture, n_source) LEARNT
    plot: Struct  # (1,) tables.PLOTS: scratch of one measurement
    told: Struct  # (2,) FOLLOWED: scratch: a report on its way, and the post's own track, in the post's frame
    bearings: Struct  # (n_source, n_jammer) BEARINGS
    heard: Struct  # (n_place, n_jammer) state.JAMMING: of whoever stands there at a look
    matrix: F8  # (5, 3, 3) scratch of the filter
    work: F8  # (4, 6, 6) scratch of fusion


def allocate(sources: Any, n_picture: int, n_threat: int, slots: int, heard: Struct) -> External:
    """Room for the external sources of a plan; of one element each where there are none."""
    n = sources.radars.size
    if not sources.on:
        n_picture = n_threat = slots = 1
    watch = np.zeros(n, WATCH)
    watch["replication"] = watch["row"] = -1
    for name in ("snr_reference_db", "range_sigma_m", "azimuth_sigma_rad", "elevation_sigma_rad", "noise_floor"):
        watch[name] = sources.radars[name]
    return External(
        watch, np.zeros((n, n_threat), FOLLOWED), np.zeros((n_picture, n, n_threat), PAIRED),
        np.zeros((n_picture, n, slots), OWNED), np.zeros((n_picture, n), LEARNT),
        np.zeros(1, tables.PLOTS), np.zeros(2, FOLLOWED),
        np.zeros((n, heard.shape[1]), BEARINGS), heard,
        np.zeros((5, 3, 3)), np.zeros((4, 6, 6)),
    )  # fmt: skip
