"""The Plan: everything that the compiled loop knows, as plain read-only arrays.

Every type of the kernels' input is in this file, with a shape and a unit for each field.
``compile`` fills it; ``kernels`` reads it; nothing else builds one. Conventions:

* ``n_*`` are counts; an index of -1 means "none".
* Every entity carries the hash of its name [uint64], the key of its random numbers.
* Lists are sorted by name, so that the order in which a user writes things cannot matter.
* A *picture* is one place where plots become tracks and tracks become orders: a command
  post with its radars, or a fire unit that has lost its link and fights alone.
* Entities are structured arrays: ``radars.scan_period_s[r]``. One array for each kind of entity,
  not one for each quantity, because numba's compile time grows with the number of arrays.
* Track positions live in the picture's own east-north-up frame [m] (origin: its site).
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kalkan.schema import MAX_TYPES

F8 = NDArray[np.float64]
F4 = NDArray[np.float32]
Struct: TypeAlias = Any  # structured array; its fields are read as attributes, which only compiled code can
I8 = NDArray[np.int64]
U8 = NDArray[np.uint64]
U1 = NDArray[np.uint8]

# -- codes that appear in arrays ---------------------------------------------------------
LOOK_SEARCH, LOOK_ENGAGE = 0, 1  # radars.role
ASSIGN_OPTIMAL, ASSIGN_NEAREST, ASSIGN_VALUE = 0, 1, 2  # pictures.assignment
ASSUMED_SWERLING = 1  # how a fire unit expects its target to fluctuate
AIRCRAFT, UAV, CRUISE_MISSILE = range(3)  # target classes: columns of whatever differs between them
N_CLASSES = 3
NEVER, LAST_RESORT, ALWAYS = range(3)  # units.worth
SNR_MIN_DB, SNR_STEP_DB = -20.0, 0.05  # first value and step of the detection tables [dB]


class RunSettings(NamedTuple):
    """What holds for the whole run."""

    horizon_s: float  # simulated time [s]
    refraction_k: float  # effective earth radius factor [1]
    max_tracks: int  # slots for tracks per picture [1]
    max_events: int  # slots of the event log per replication [1]
    initial_speed_m_s: float  # 1-sigma of a new track's velocity components [m/s]
    gate: float  # squared Mahalanobis gate, 3 degrees of freedom [1]


KNOTS = np.dtype(
    [  # cubic Hermite pieces of all paths, one behind the other
        ("t_s", "f8"),  # time since its start [s]
        ("position_m", "f8", 3),  # ECEF [m]
        ("velocity_m_s", "f8", 3),  # ECEF [m/s]
        ("lateral", "f8", (2, 3)),  # where a jitter of 1 m moves it [1], tapered towards an aim; its rate [1/s]
        ("clearance_m", "f8"),  # height above the ground [m]
    ],
    align=True,
)
PATHS = np.dtype(  # the raids' own routes by name, then those of their members, one for each place in a formation
    [("first", "i8"), ("last", "i8")], align=True  # first knot, one past the last
)
THREATS = np.dtype(
    [  # the vehicles of the raid
        ("key", "u8"),  # hash of the name
        ("path", "i8"),  # index into paths
        ("raid", "i8"),  # that it belongs to, by name
        ("kind", "i8"),  # index into kinds
        ("start_s", "f8"),  # start on the raid's own route without jitter [s]; with Poisson arrivals that of the raid
        ("mean_gap_s", "f8"),  # mean of the exponential gap between it and the member before [s]; 0: none
        ("shift_s", "f8"),  # it starts so much later, to be in time at its aim or release [s]
        ("offset_m", "f8"),  # how far beside its path it flies, without jitter [m]
        ("time_jitter_s", "f8"),  # 1-sigma [s]
        ("route_jitter_m", "f8"),  # 1-sigma [m]
        ("reach_m", "f8"),  # with jitter, it flies no further beside its path [m]
        ("aim", "i8"),  # asset, or -1
        ("leak_s", "f8"),  # path time at which it reaches its aim or release [s], inf: never
        ("duration_s", "f8"),  # path time of its end [s]
        ("spared_share", "f8"),  # share of replications in which every interceptor misses it; 0 but for rare events
    ],
    align=True,
)
KINDS = np.dtype(
    [  # types of air vehicle
        ("swerling", "i8"),  # fluctuation class 0-4
        ("target_class", "i8"),  # column of interceptors.p_kill
        ("hit_probability", "f8"),  # given that it reaches aim or release [1]
    ],
    align=True,
)
ASSETS = np.dtype([("key", "u8"), ("value", "f8")], align=True)  # what is defended
RADARS = np.dtype(
    [  # acquisition and engagement radars
        ("key", "u8"),
        ("picture", "i8"),  # that it feeds, -1: none (an engagement radar under a post)
        ("role", "i8"),  # LOOK_SEARCH or LOOK_ENGAGE
        ("position_m", "f8", 3),  # antenna, ECEF [m]
        ("to_local", "f8", (3, 3)),  # ECEF difference -> east, north, up
        ("to_picture", "f8", (3, 3)),  # local east-north-up -> its picture's (or post's) frame
        ("offset_m", "f8", 3),  # antenna in that frame [m]
        ("antenna_m", "f8"),  # antenna above sea level [m]
        ("lat_terms", "f8", 3),  # curvature at its latitude, see earth.refraction [1/m]
        ("scan_period_s", "f8"),  # [s]; search period of an engagement radar that fights alone
        ("sector_rad", "f8"),  # width of the sector [rad]; 2 pi: rotates
        ("boresight_rad", "f8"),  # first direction of the sector's middle, compass [rad]
        ("range_min_m", "f8"),  # [m]
        ("range_max_m", "f8"),  # instrumented range [m]
        ("tan_elevation_min", "f8"),
        ("tan_elevation_max", "f8"),
        ("snr_1m_db", "f8"),  # SNR of 1 m2 at 1 m by the reference claim [dB]
        ("snr_reference_db", "f8"),  # SNR of the reference claim [dB]
        ("range_sigma_m", "f8"),  # 1-sigma at the reference SNR [m]
        ("azimuth_sigma_rad", "f8"),  # [rad]
        ("elevation_sigma_rad", "f8"),  # [rad]
        ("rate_sigma_m_s", "f8"),  # 1-sigma of the range rate [m/s]; inf: it measures none
        ("noise_floor", "f8"),  # least error of a strong signal, as a share of these [1]
        ("false_alarms_per_scan", "f8"),  # mean [1]
        ("horizon_first", "i8"),  # first element of its table in Plan.horizon
        ("horizon_n_azimuth", "i8"),
        ("horizon_n_range", "i8"),
        ("horizon_radius_m", "f8"),  # [m]
    ],
    align=True,
)
AIRS = np.dtype(
    [  # what the weather is to each radar
        ("rain_db_m", "f8"),  # two-way loss per metre of rain [dB/m]
        ("wavelength_m", "f8"),  # [m]
        ("sea_real", "f8"),  # relative permittivity of the water, real part [1]
        ("sea_imaginary", "f8"),  # and imaginary part, negative [1]
        ("beamwidth_rad", "f8"),  # half-power width of its beam in elevation [rad]
        ("sea_reach_m", "f8"),  # outermost range of its part of AirAndSea.sea [m]
    ],
    align=True,
)
PICTURES = np.dtype(
    [  # command posts, and fire units that fight alone
        ("key", "u8"),
        ("origin_m", "f8", 3),  # ECEF [m]
        ("to_local", "f8", (3, 3)),  # ECEF difference -> east, north, up
        ("altitude_m", "f8"),  # origin above sea level [m]
        ("mean_radius_m", "f8"),  # mean radius of curvature at the origin [m]
        ("confirm_m", "i8"),  # M of the initiation rule
        ("confirm_n", "i8"),  # N of the initiation rule
        ("confirm_gate", "f8"),  # and the squared Mahalanobis distance within which the last must fall [1]
        ("usual_speed_m_s", "f8"),  # a faster track needs one detection more [m/s]
        ("coast_s", "f8"),  # a track without a plot for this long is deleted [s]
        ("process_noise_m_s2", "f8"),  # 1-sigma piecewise-constant acceleration [m/s2]
        ("capacity", "i8"),  # tracks that it can hold
        ("cycle_s", "f8"),  # period of the command cycle [s]
        ("reaction_s", "f8"),  # from order to cued engagement radar, links included [s]
        ("assessment_s", "f8"),  # [s]
        ("assessment_error", "f8"),  # probability that an assessment is wrong [1]
        ("assignment", "i8"),  # ASSIGN_*
        ("threatened_m", "f8"),  # a track that will pass an asset this near threatens it [m]
        ("patience_s", "f8"),  # an engagement without a possible shot is given up after [s]
        ("retry_s", "f8"),  # and not tried again by the same unit for [s]
        ("minor_share", "f8"),  # a track that threatens nothing counts this share of the least valued asset [1]
        ("fresh_share", "f8"),  # only tracks met within this share of the coasting time are ordered [1]
        ("urgency_s", "f8"),  # weight of a target halves when it is this much further away in time [s]
        ("nearer_share", "f8"),  # what was not found is tried again at this share of the range [1]
        ("same_object_m", "f8"),  # two posts' tracks this near, beyond their 3 sigma, are one object [m]
        ("memory_s", "f8"),  # rounds at a lost track count for a track that may continue it, for [s]
        ("slow_m_s", "f8"),  # a track slower than this is taken for a drone [m/s]
        ("low_m", "f8"),  # and a faster one below this altitude for a cruise missile [m]
        ("strike_m", "f8"),  # a low track that will pass an asset this near ends there [m]
        ("climb_sigmas", "f8"),  # a track's climb is believed from so many of its sigma on [1]
        ("lowest_m", "f8"),  # what is seen flies at least this far above what hides it [m]
        ("common_cause", "f8"),  # share of a round's failures that the whole salvo shares [1]
        ("reserve_s", "f8"),  # the reserve is used on what reaches an asset so soon after a round meets it [s]
        ("coordination", "i8"),  # 1: knows what other coordinated pictures engage
    ],
    align=True,
)
UNITS = np.dtype(
    [  # fire units: one engagement radar with its launchers
        ("key", "u8"),
        ("picture", "i8"),  # who orders it
        ("radar", "i8"),  # its engagement radar
        ("position_m", "f8", 3),  # in its picture's frame [m]
        ("altitude_m", "f8"),  # site above sea level [m]
        ("target_channels", "i8"),
        ("missile_channels", "i8"),
        ("update_s", "f8"),  # dwell period of the engagement radar [s]
        ("cue_m", "f8"),  # it searches this far beyond the cue's own 3 sigma [m]
        ("slew_rad_s", "f8"),  # turning rate of the sector [rad/s]
        ("acquire_hits", "i8"),  # detections wanted ...
        ("acquire_looks", "i8"),  # ... within so many looks
        ("drop_misses", "i8"),  # consecutive misses that break the hold
        ("launch_interval_s", "f8"),  # [s]
        ("reload_s", "f8"),  # [s]
        ("first_launcher", "i8"),
        ("last_launcher", "i8"),  # one past
        ("salvo", "i8", N_CLASSES),  # interceptors per salvo
        ("max_rounds", "i8", N_CLASSES),  # per target, of all units of its post
        ("earliest_m", "f8", N_CLASSES),  # no shot beyond this ground range [m]
        ("least_chance", "f8"),  # no shot below this predicted chance that the round meets its target [1]
        ("reserve", "i8"),  # rounds kept for the last moment
        ("preference", "i8", (N_CLASSES, MAX_TYPES)),  # order of choice, -1 fills up
        ("worth", "i8", (N_CLASSES, MAX_TYPES)),  # of each type: NEVER, LAST_RESORT or ALWAYS
    ],
    align=True,
)
LAUNCHERS = np.dtype(
    [
        ("unit", "i8"),
        ("load", "i8", MAX_TYPES),  # ready rounds of a full launcher, by interceptor type
        ("reload_sets", "i8"),  # full reloads in stock
    ],
    align=True,
)
INTERCEPTORS = np.dtype(
    [  # types: abstract envelopes and kill probabilities
        ("range_step_m", "f8"),  # of the fly-out table [m]
        ("altitude_step_m", "f8"),  # [m]
        ("range_min_m", "f8"),  # [m]
        ("range_max_m", "f8"),  # [m]
        ("altitude_min_m", "f8"),  # of the target, above the ground [m]
        ("altitude_max_m", "f8"),  # above sea level [m]
        ("target_speed_max_m_s", "f8"),  # [m/s]
        ("flight_max_s", "f8"),  # longest finite time of flight [s]
        ("range_slope_s_m", "f8"),  # steepest slope of the time of flight over range [s/m]
        ("altitude_slope_s_m", "f8"),  # and over altitude [s/m]
        ("active_m", "f8"),  # this near its target it needs the engagement radar no more; 0: to the end [m]
        ("basket_m", "f8"),  # meets objects within this distance of the track [m]
        ("p_kill", "f8", N_CLASSES),  # claimed single-shot probability by target class [1]
        ("no_speed_ratio", "f8"),  # breakpoints of models.lethality [1]
        ("full_speed_ratio", "f8"),
        ("full_crossing_rad", "f8"),
        ("tail_chase_factor", "f8"),
        ("edge_factor", "f8"),
        ("edge_fraction", "f8"),
    ],
    align=True,
)


class AirAndSea(NamedTuple):
    """What air and sea do to the radars' signals; arrays of one element each where it is off."""

    on: int  # 1: the air absorbs
    rain_top_m: float  # altitude up to which it rains [m]
    rain_extent_m: float  # distance from the antenna up to which it rains [m]
    lobing: int  # 1: the sea reflects
    wave_sigma_m: float  # 1-sigma height of the sea [m]
    radars: Struct  # (n_radar,) AIRS
    gas_db: F4  # (n_radar, n_range, n_elevation) absorption beyond the range claim's [dB]
    sea: U1  # (n_radar, n_azimuth, n_range) 1: sea that the antenna sees


class Plan(NamedTuple):
    """The whole input of the loop."""

    study: RunSettings
    knots: Struct  # (n_knot,) KNOTS
    paths: Struct  # (n_path,) PATHS
    threats: Struct  # (n_threat,) THREATS
    kinds: Struct  # (n_kind,) KINDS
    rcs_dbsm: F8  # (n_kind, n_radar, 3) nose, beam, tail in the radar's band [dB above 1 m2]
    assets: Struct  # (n_asset,) ASSETS
    asset_m: F8  # (n_picture, n_asset, 3) in each picture's frame [m]
    radars: Struct  # (n_radar,) RADARS
    p_d: F8  # (n_radar, 5, n_snr) detection probability by Swerling class and SNR [1]
    horizon: F4  # all horizon tables, one behind the other: largest elevation tangent so far [1]
    pictures: Struct  # (n_picture,) PICTURES
    units: Struct  # (n_unit,) UNITS
    launchers: Struct  # (n_launcher,) LAUNCHERS
    interceptors: Struct  # (n_interceptor,) INTERCEPTORS
    flight_s: F8  # (n_interceptor, n_range, n_altitude) time of flight [s], inf: out of reach
    arrival_m_s: F8  # (n_interceptor, n_range, n_altitude) speed on arrival [m/s]
    weather: AirAndSea


def struct(dtype: np.dtype[np.void], **columns: object) -> Struct:
    """A structured array from its columns, each of the same length; all fields must be given."""
    missing = set(dtype.names or ()) ^ set(columns)
    if missing:
        raise ValueError(f"columns do not fit: {sorted(missing)}")
    first = np.asarray(next(iter(columns.values())))
    out = np.zeros(first.shape[0], dtype)
    for name, values in columns.items():
        out[name] = values
    return out
