"""The Plan: everything that the compiled loop knows, as plain read-only arrays.

Every type of the kernels' input is in this file, each field declared once: type, unit, meaning and where its numbers
come from (``kernels.fields``; docs/plan.md is made from it). ``compile`` fills it; ``kernels`` reads it; nothing else
builds one. Conventions:

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

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import numpy as np

from kalkan.arrays import F4, F8, U1, Struct
from kalkan.kernels.ballistic import Ballistic
from kalkan.kernels.damage import Damage
from kalkan.kernels.evidence import Identity
from kalkan.kernels.fields import INDEX, About, Field, claims, follows, given, record, switched
from kalkan.kernels.manner import MANNER_FIELDS
from kalkan.kernels.reacting import Reacting
from kalkan.kernels.sources import Sources
from kalkan.kernels.warning import Warning
from kalkan.schema import MAX_TYPES, TARGETS

# -- codes that appear in arrays ---------------------------------------------------------
LOOK_SEARCH, LOOK_ENGAGE = 0, 1  # radars.role
ASSIGN_OPTIMAL, ASSIGN_NEAREST, ASSIGN_VALUE, ASSIGN_EXPECTED, ASSIGN_OWN = range(5)  # pictures.assignment
ASSUMED_SWERLING = 1  # how a fire unit expects its target to fluctuate
N_CLASSES = len(TARGETS)  # columns of whatever differs between classes of targets
IFF_NONE, IFF_INCOMPATIBLE, IFF_COMPATIBLE = range(3)  # pictures.iff
NEVER, LAST_RESORT, ALWAYS = range(3)  # units.worth
SNR_MIN_DB, SNR_STEP_DB = -20.0, 0.05  # first value and step of the detection tables [dB]

PLACES = follows("where things stand")
REFERENCE = "reference_p_d reference_p_fa pulses_integrated reference_swerling"
KEY = Field("key", "u8", "", "hash of the name", INDEX)

KNOT_FIELDS = (  # cubic Hermite pieces of all paths, one behind the other
    Field("t_s", "f8", "s", "time since its start", claims("cruise_speed")),
    Field("position_m", "f8", "m", "ECEF", PLACES, 3),
    Field("velocity_m_s", "f8", "m/s", "ECEF", claims("cruise_speed"), 3),
    Field("lateral", "f8", "1, 1/s", "where a jitter of 1 m moves it, less towards an aim; its rate", PLACES, (2, 3)),
    Field("clearance_m", "f8", "m", "height above the ground", PLACES),
)
PATH_FIELDS = (  # the raids' own routes by name, then those of their members, one for each place in a formation
    Field("first", "i8", "", "first knot", INDEX),
    Field("last", "i8", "", "one past the last knot", INDEX),
)
THREAT_FIELDS = (  # everything that flies: the vehicles of the raids, then those of flights, then traffic
    KEY,
    Field("path", "i8", "", "index into paths", INDEX),
    Field("raid", "i8", "", "that it belongs to, by name", INDEX),
    Field("kind", "i8", "", "index into kinds", INDEX),
    Field("start_s", "f8", "s", "start on the raid's own route without jitter; with Poisson arrivals that of the raid",
          given("raids.start, spacing; traffic: their place in the hour")),
    Field("mean_gap_s", "f8", "s", "mean of the exponential gap between it and the member before; 0: none",
          given("raids.spacing; of traffic the claim flights_per_day")),
    Field("shift_s", "f8", "s", "it starts so much later, to be in time at its aim or release; of traffic, before 0",
          switched("raids.formation_width: ways of other lengths, at cruise_speed")),
    Field("offset_m", "f8", "m", "how far beside its path it flies, without jitter",
          switched("raids.formation_width of more places than there are paths")),
    Field("time_jitter_s", "f8", "s", "1-sigma of its start", given("raids.time_jitter")),
    Field("route_jitter_m", "f8", "m", "1-sigma of how far beside its path it flies", given("raids.route_jitter")),
    Field("reach_m", "f8", "m", "with jitter, it flies no further beside its path", given("raids.route_jitter")),
    Field("aim", "i8", "", "asset, or -1", INDEX),
    Field("leak_s", "f8", "s", "path time at which it reaches its aim or release, inf: never", claims("cruise_speed")),
    Field("duration_s", "f8", "s", "path time of its end", claims("cruise_speed")),
    Field("spared_share", "f8", "1", "share of replications in which every interceptor misses it",
          switched("studies of rare events")),
    Field("parent", "i8", "", "threat that releases it, -1: it flies by itself", INDEX),
    Field("side", "i8", "", "whose it is: a code of schema.SIDES", switched("flights.side")),
    Field("transmits", "i8", "", "1: its civil transponder answers", switched("flights.transponder")),
    Field("iff", "i8", "", "its answer as friend or foe: a code of schema.IFF_REPLIES", switched("flights.iff")),
    Field("flight_plan", "i8", "", "1: the defence has its flight plan", switched("flights.flight_plan")),
)  # fmt: skip
KIND_FIELDS = (  # types of air vehicle
    Field("swerling", "i8", "", "fluctuation class 0-4", claims("swerling")),
    Field("target_class", "i8", "", "column of interceptors.p_kill", given("the type's class, a word")),
    Field("hit_probability", "f8", "1", "given that it reaches aim or release", claims("hit_probability")),
)
ASSET_FIELDS = (  # what is defended
    KEY,
    Field("value", "f8", "1", "value to the defender", given("assets.value")),
)
RADAR_FIELDS = (  # acquisition and engagement radars
    KEY,
    Field("picture", "i8", "", "that it feeds, -1: none (an engagement radar under a post)", INDEX),
    Field("role", "i8", "", "LOOK_SEARCH or LOOK_ENGAGE", INDEX),
    Field("position_m", "f8", "m", "antenna, ECEF", claims("antenna_height fire_unit_distance"), 3),
    Field("to_local", "f8", "1", "ECEF difference → east, north, up", PLACES, (3, 3)),
    Field("to_picture", "f8", "1", "local east-north-up → its picture's (or post's) frame", PLACES, (3, 3)),
    Field("offset_m", "f8", "m", "antenna in that frame", PLACES, 3),
    Field("antenna_m", "f8", "m", "antenna above sea level", claims("antenna_height")),
    Field("lat_terms", "f8", "1/m", "curvature at its latitude, see earth.refraction", PLACES, 3),
    Field("scan_period_s", "f8", "s", "period of its scan; of an engagement radar that fights alone, of its search",
          claims("scan_period search_period")),
    Field("sector_rad", "f8", "rad", "width of the sector; 2 pi: rotates", claims("sector_width")),
    Field("boresight_rad", "f8", "rad", "first direction of the sector's middle, compass", PLACES),
    Field("range_min_m", "f8", "m", "shortest range", claims("min_range")),
    Field("range_max_m", "f8", "m", "instrumented range", claims("instrumented_range")),
    Field("tan_elevation_min", "f8", "1", "tangent of the lowest elevation", claims("elevation_min")),
    Field("tan_elevation_max", "f8", "1", "tangent of the highest elevation", claims("elevation_max")),
    Field("snr_1m_db", "f8", "dB", "SNR of 1 m2 at 1 m by the reference claim", claims(f"detection_range {REFERENCE}")),
    Field("snr_reference_db", "f8", "dB", "SNR of the reference claim", claims(REFERENCE)),
    Field("range_sigma_m", "f8", "m", "1-sigma at the reference SNR", claims("range_sigma")),
    Field("azimuth_sigma_rad", "f8", "rad", "1-sigma at the reference SNR", claims("azimuth_sigma")),
    Field("elevation_sigma_rad", "f8", "rad", "1-sigma at the reference SNR", claims("elevation_sigma")),
    Field("rate_sigma_m_s", "f8", "m/s", "1-sigma of the range rate; inf: it measures none",
          claims("radial_speed_sigma")),
    Field("noise_floor", "f8", "1", "least error of a strong signal, as a share of these",
          claims("noise_floor_fraction")),
    Field("false_alarms_per_scan", "f8", "1", "mean", claims("false_alarms_per_scan")),
    Field("horizon_first", "i8", "", "first element of its table in Plan.horizon", INDEX),
    Field("horizon_n_azimuth", "i8", "", "azimuths of that table", INDEX),
    Field("horizon_n_range", "i8", "", "ranges of that table", INDEX),
    Field("horizon_radius_m", "f8", "m", "range at which that table ends", PLACES),
)  # fmt: skip
AIR_FIELDS = (  # what the weather is to each radar
    Field("rain_db_m", "f8", "dB/m", "two-way loss per metre of rain", switched("weather.rain: frequency")),
    Field("wavelength_m", "f8", "m", "wavelength", switched("weather.sea_lobing: frequency")),
    Field("sea_real", "f8", "1", "relative permittivity of the water, real part",
          switched("weather.sea_lobing: frequency")),
    Field("sea_imaginary", "f8", "1", "and imaginary part, negative", switched("weather.sea_lobing: frequency")),
    Field("beamwidth_rad", "f8", "rad", "half-power width of its beam in elevation",
          switched("weather.sea_lobing: elevation_beamwidth")),
    Field("sea_reach_m", "f8", "m", "outermost range of its part of weather.sea",
          switched("weather.sea_lobing: terrain")),
)  # fmt: skip
JAMMER_FIELDS = (  # each emitter of noise by itself
    KEY,
    Field("threat", "i8", "", "that carries it, -1: it stands", INDEX),
    Field("position_m", "f8", "m", "where it stands, ECEF", given("jammers.position, altitude"), 3),
)
RECEIVER_FIELDS = (  # what interference is to each radar
    Field("azimuth_beam_rad", "f8", "rad", "half-power width of its beam in azimuth",
          switched("jammers, clutter or sensing.resolution: azimuth_beamwidth")),
    Field("elevation_beam_rad", "f8", "rad", "and in elevation",
          switched("jammers, clutter or sensing.resolution: elevation_beamwidth")),
    Field("sidelobe", "f8", "1", "mean side lobes over the peak of its main lobe", switched("jammers: sidelobe_level")),
    Field("strobe", "f8", "1", "jamming over noise from which on it tells a jammer's direction",
          switched("jammers: strobe_threshold")),
    Field("cell_m", "f8", "m", "what is nearer in range may be one plot",
          switched("sensing.resolution: range_resolution")),
    Field("cell_m_s", "f8", "m/s", "and in range rate; inf: it measures none",
          switched("sensing.resolution: radial_speed_resolution")),
    Field("notch_m_s", "f8", "m/s", "range rate at which its filter halves the signal",
          switched("surface_clutter: notch_speed")),
    Field("blind_m_s", "f8", "m/s", "first blind speed; inf: none",
          switched("surface_clutter: pulse_repetition_frequency, frequency")),
    Field("fold_m", "f8", "m", "clutter so much nearer competes too; inf: none",
          switched("surface_clutter: pulse_repetition_frequency")),
    Field("attenuation", "f8", "1", "clutter before its filter over the residue",
          switched("surface_clutter: clutter_attenuation")),
    Field("clutter_reach_m", "f8", "m", "outermost range of its tables of clutter",
          switched("surface_clutter: instrumented_range, terrain")),
)  # fmt: skip
PICTURE_FIELDS = (  # command posts, and fire units that fight alone
    KEY,
    Field("origin_m", "f8", "m", "ECEF", given("systems.position"), 3),
    Field("to_local", "f8", "1", "ECEF difference → east, north, up", given("systems.position"), (3, 3)),
    Field("altitude_m", "f8", "m", "origin above sea level", given("terrain at systems.position")),
    Field("mean_radius_m", "f8", "m", "mean radius of curvature at the origin", given("WGS-84 at systems.position")),
    Field("confirm_m", "i8", "1", "M of the initiation rule", claims("track_confirm_m")),
    Field("confirm_n", "i8", "1", "N of the initiation rule", claims("track_confirm_n")),
    Field("confirm_gate", "f8", "1", "and the squared Mahalanobis distance within which the last must fall",
          claims("confirm_gate")),
    Field("usual_speed_m_s", "f8", "m/s", "a faster track needs one detection more", claims("usual_speed")),
    Field("coast_s", "f8", "s", "a track without a plot for this long is deleted",
          claims("track_drop_misses scan_period")),
    Field("gone_s", "f8", "s", "nor is one kept whose target was judged gone, for this long without a plot",
          claims("gone_track_looks scan_period")),
    Field("process_noise_m_s2", "f8", "m/s2", "1-sigma piecewise-constant acceleration", claims("process_noise")),
    Field("capacity", "i8", "1", "tracks that it can hold", claims("targets_tracked")),
    Field("cycle_s", "f8", "s", "period of the command cycle", claims("command_cycle")),
    Field("reaction_s", "f8", "s", "from order to cued engagement radar, links included",
          claims("reaction_time acquisition_hits update_period crew_delay")),
    Field("assessment_error", "f8", "1", "probability that an assessment is wrong", claims("assessment_error")),
    Field("assignment", "i8", "", "ASSIGN_*", given("doctrine.assignment; left open, the claim assignment: a word")),
    Field("reassign_gain_s", "f8", "s", "an order of which nothing is in the air goes to a unit that meets its track "
          "so much earlier; inf: orders stand", given("doctrine.reassign_gain")),
    Field("threatened_m", "f8", "m", "a track that will pass an asset this near threatens it",
          claims("threatened_radius")),
    Field("patience_s", "f8", "s", "an engagement without a possible shot is given up after", claims("hold_patience")),
    Field("retry_s", "f8", "s", "and not tried again by the same unit for", claims("retry_delay")),
    Field("minor_share", "f8", "1", "a track that threatens nothing counts this share of the least valued asset",
          claims("minor_threat_share")),
    Field("fresh_share", "f8", "1", "only tracks met within this share of the coasting time are ordered",
          claims("fresh_track_share")),
    Field("urgency_s", "f8", "s", "weight of a target halves when it is this much further away in time",
          claims("urgency_time")),
    Field("nearer_share", "f8", "1", "what was not found is tried again at this share of the range",
          claims("nearer_share")),
    Field("same_object_m", "f8", "m", "two posts' tracks this near, beyond their 3 sigma, are one object",
          claims("same_object_distance")),
    Field("memory_s", "f8", "s", "rounds at a lost track count for a track that may continue it, for",
          claims("lost_target_memory")),
    Field("slow_m_s", "f8", "m/s", "a track slower than this is taken for a drone", claims("slow_target_speed")),
    Field("ballistic_m", "f8", "m", "a track of more height and speed squared over 2 g is taken for a ballistic "
          "missile; 0: none flies", switched("a raid of ballistic missiles: ballistic_energy_height")),
    Field("low_m", "f8", "m", "and a faster one below this altitude for a cruise missile",
          claims("low_target_altitude")),
    Field("fast_m_s", "f8", "m/s", "a faster one that is not low is taken for an anti-radiation missile; 0: nobody is",
          switched("doctrine.anti-radiation-missile: fast_target_speed")),
    Field("strike_m", "f8", "m", "a low track that will pass an asset this near ends there",
          claims("strike_distance")),
    Field("climb_sigmas", "f8", "1", "a track's climb is believed from so many of its sigma on",
          claims("believed_climb")),
    Field("lowest_m", "f8", "m", "what is seen flies at least this far above what hides it", claims("lowest_flight")),
    Field("common_cause", "f8", "1", "share of a round's failures that the whole salvo shares",
          claims("common_cause_share")),
    Field("reserve_s", "f8", "s", "the reserve is used on what reaches an asset so soon after a round meets it",
          claims("reserve_time")),
    Field("coordination", "i8", "", "1: knows what other coordinated pictures engage", given("command.coordination")),
    Field("external_picture", "i8", "", "1: takes the tracks of external sources",
          given("systems.external_picture, integrated")),
    Field("iff", "i8", "", "IFF_*: whether its interrogator is answered", given("systems.iff, integrated")),
)  # fmt: skip
UNIT_FIELDS = (  # fire units: one engagement radar with its launchers
    KEY,
    Field("picture", "i8", "", "who orders it", INDEX),
    Field("radar", "i8", "", "its engagement radar", INDEX),
    Field("position_m", "f8", "m", "in its picture's frame", claims("fire_unit_distance"), 3),
    Field("altitude_m", "f8", "m", "site above sea level", given("terrain")),
    Field("target_channels", "i8", "1", "targets that it can engage at once", claims("target_channels")),
    Field("missile_channels", "i8", "1", "interceptors that it can guide at once", claims("missile_channels")),
    Field("update_s", "f8", "s", "dwell period of the engagement radar", claims("update_period")),
    Field("cue_m", "f8", "m", "it searches this far beyond the cue's own 3 sigma", claims("cue_search_distance")),
    Field("slew_rad_s", "f8", "rad/s", "turning rate of the sector", claims("slew_rate")),
    Field("acquire_hits", "i8", "1", "detections wanted ...", claims("acquisition_hits")),
    Field("acquire_looks", "i8", "1", "... within so many looks", claims("acquisition_window update_period")),
    Field("drop_misses", "i8", "1", "consecutive misses that break the hold", claims("drop_misses")),
    Field("launch_interval_s", "f8", "s", "between two launches", claims("launch_interval")),
    Field("reload_s", "f8", "s", "to reload a launcher", claims("reload_time")),
    Field("reload_vehicles", "i8", "1", "launchers that can be reloaded at once; 0: all",
          given("systems.reload_vehicles")),
    Field("displace_after", "i8", "1", "rounds after which a launcher moves; 0: never",
          given("systems.displace_after")),
    Field("displace_s", "f8", "s", "and for how long it then launches nothing", given("systems.displacement_time")),
    Field("crew_load_s", "f8", "s", "what the crew takes longer for each engagement that it already runs",
          switched("command.crew_load: crew_load")),
    Field("first_launcher", "i8", "", "its first launcher", INDEX),
    Field("last_launcher", "i8", "", "one past its last", INDEX),
    Field("salvo", "i8", "1", "interceptors per salvo, by target class", claims("salvo"), N_CLASSES),
    Field("max_rounds", "i8", "1", "per target, of all units of its post", claims("salvo max_salvos"), N_CLASSES),
    Field("earliest_m", "f8", "m", "no shot beyond this ground range", claims("earliest_share max_range"), N_CLASSES),
    Field("latest_m", "f8", "m", "nor below this one", given("doctrine.latest_range"), N_CLASSES),
    Field("look_s", "f8", "s", "from the last intercept of a salvo to its assessment", claims("assessment_time"),
          N_CLASSES),
    Field("ripple_s", "f8", "s", "between two rounds of a salvo; 0: at once", claims("launch_interval"), N_CLASSES),
    Field("least_chance", "f8", "1", "no shot below this predicted chance that the round meets its target",
          claims("launch_threshold")),
    Field("reserve", "i8", "1", "rounds kept for the last moment", claims("reserve")),
    Field("preference", "i8", "", "order of choice, -1 fills up", follows("doctrine.prefer, worth and ranges"),
          (N_CLASSES, MAX_TYPES)),
    Field("worth", "i8", "", "of each type: NEVER, LAST_RESORT or ALWAYS",
          given("doctrine.last_resort, never; left open, the claims last_resort_against, never_against: words"),
          (N_CLASSES, MAX_TYPES)),
    Field("on_remote", "i8", "", "1: it may engage on a track that only an external source holds",
          given("systems.engage_on_remote, integrated, and the claim engage_on_remote: a word")),
    Field("remote_age_s", "f8", "s", "if that was reported so lately",
          switched("systems.engage_on_remote: remote_track_age")),
    Field("remote_chance", "f8", "1", "chance that it will be reported until the round needs it no more",
          switched("systems.external_picture: link_availability")),
)  # fmt: skip
LAUNCHER_FIELDS = (
    Field("unit", "i8", "", "its fire unit", INDEX),
    Field("load", "i8", "1", "ready rounds of a full launcher, by interceptor type", claims("load"), MAX_TYPES),
    Field("reload_sets", "i8", "1", "full reloads in stock", given("systems.reload_sets")),
)
INTERCEPTOR_FIELDS = (  # types: abstract envelopes and kill probabilities
    Field("range_step_m", "f8", "m", "range step of the fly-out table", claims("max_range")),
    Field("altitude_step_m", "f8", "m", "altitude step of the fly-out table", claims("max_target_altitude")),
    Field("range_min_m", "f8", "m", "shortest range", claims("min_range")),
    Field("range_max_m", "f8", "m", "longest range", claims("max_range")),
    Field("altitude_min_m", "f8", "m", "lowest target, above the ground", claims("min_target_altitude")),
    Field("altitude_max_m", "f8", "m", "highest target, above sea level", claims("max_target_altitude")),
    Field("target_speed_max_m_s", "f8", "m/s", "fastest target", claims("max_target_speed")),
    Field("flight_max_s", "f8", "s", "longest finite time of flight",
          claims("max_speed burn_time propellant_fraction drag_coefficient launch_mass diameter")),
    Field("range_slope_s_m", "f8", "s/m", "steepest slope of the time of flight over range",
          claims("max_speed burn_time max_range")),
    Field("altitude_slope_s_m", "f8", "s/m", "and over altitude", claims("max_speed burn_time max_target_altitude")),
    Field("active_m", "f8", "m", "this near its target it needs the engagement radar no more; 0: to the end",
          claims("active_distance")),
    Field("basket_m", "f8", "m", "meets objects within this distance of the track", claims("basket_radius")),
    Field("p_kill", "f8", "1", "claimed single-shot probability by target class", claims("kill_probability"),
          N_CLASSES),
    Field("no_speed_ratio", "f8", "1", "breakpoint of models.lethality by target class", claims("no_speed_ratio"),
          N_CLASSES),
    Field("full_speed_ratio", "f8", "1", "breakpoint of models.lethality by target class", claims("full_speed_ratio"),
          N_CLASSES),
    Field("full_crossing_rad", "f8", "rad", "breakpoint of models.lethality", claims("full_crossing")),
    Field("tail_chase_factor", "f8", "1", "factor of models.lethality", claims("tail_chase_factor")),
    Field("edge_factor", "f8", "1", "factor of models.lethality", claims("edge_factor")),
    Field("edge_fraction", "f8", "1", "breakpoint of models.lethality", claims("edge_fraction")),
)  # fmt: skip

KNOTS, PATHS, THREATS, KINDS = map(record, (KNOT_FIELDS, PATH_FIELDS, THREAT_FIELDS, KIND_FIELDS))
ASSETS, RADARS, AIRS, PICTURES = map(record, (ASSET_FIELDS, RADAR_FIELDS, AIR_FIELDS, PICTURE_FIELDS))
JAMMERS, RECEIVERS = map(record, (JAMMER_FIELDS, RECEIVER_FIELDS))
UNITS, LAUNCHERS, INTERCEPTORS = map(record, (UNIT_FIELDS, LAUNCHER_FIELDS, INTERCEPTOR_FIELDS))


class RunSettings(NamedTuple):
    """What holds for the whole run."""

    horizon_s: Annotated[float, About("s", "simulated time", given("study.horizon"))]
    refraction_k: Annotated[float, About("1", "effective earth radius factor", given("region.refraction_k"))]
    max_tracks: Annotated[int, About("1", "slots for tracks per picture", INDEX)]
    max_events: Annotated[int, About("1", "slots of the event log per replication", INDEX)]
    initial_speed_m_s: Annotated[
        float, About("m/s", "1-sigma of a new track's velocity components", claims("initial_speed_sigma"))
    ]
    gate: Annotated[
        float, About("1", "squared Mahalanobis gate, 3 degrees of freedom", claims("association_gate"))
    ]


class AirAndSea(NamedTuple):
    """What air and sea do to the radars' signals; arrays of one element each where it is off."""

    on: Annotated[int, About("", "1: the air absorbs", switched("[weather]"))]
    rain_top_m: Annotated[float, About("m", "altitude up to which it rains", switched("weather.rain_height"))]
    rain_extent_m: Annotated[
        float, About("m", "distance from the antenna up to which it rains", switched("weather.rain_extent"))
    ]
    lobing: Annotated[int, About("", "1: the sea reflects", switched("weather.sea_lobing"))]
    wave_sigma_m: Annotated[float, About("m", "1-sigma height of the sea", switched("weather.wave_height"))]
    radars: Annotated[Struct, AIR_FIELDS]  # (n_radar,)
    gas_db: Annotated[
        F4, About("dB", "(radar, range, elevation) absorption beyond the range claim's", switched("weather: frequency"))
    ]
    sea: Annotated[U1, About("", "(radar, azimuth, range) 1: sea that the antenna sees", switched("weather: terrain"))]


class Interference(NamedTuple):
    """What else than its own noise each radar's signals compete with; arrays of no length where it is off."""

    on: Annotated[int, About("", "1: any of this", switched("jammers, surface_clutter, sensing.resolution"))]
    resolution: Annotated[int, About("", "1: what is in one cell gives one plot", switched("sensing.resolution"))]
    clutter_on: Annotated[int, About("", "1: land and sea send echoes", switched("surface_clutter"))]
    lift: Annotated[
        float, About("1/m", "rise of a ray's apparent elevation with range", switched("surface_clutter: refraction"))
    ]
    jammers: Annotated[Struct, JAMMER_FIELDS]  # (n_jammer,)
    receivers: Annotated[Struct, RECEIVER_FIELDS]  # (n_radar,)
    jam_1m: Annotated[
        F8, About("1", "(radar, jammer) jamming over noise at 1 m in the main lobe; 0: not in its band",
                  switched("jammers: band, frequency, beamwidths, noise_figure"))
    ]  # fmt: skip
    clutter: Annotated[
        F4, About("1", "(radar, azimuth, range) clutter over noise in the main lobe", switched("surface_clutter"))
    ]
    surface_rad: Annotated[
        F4, About("rad", "(radar, azimuth, range) elevation of the ground there", switched("surface_clutter: terrain"))
    ]
    spikes: Annotated[
        F8, About("1", "(radar, azimuth times range + 1) mean false plots of clutter in a turn in all cells before",
                  switched("surface_clutter: clutter_spikiness, reference_p_fa"))
    ]  # fmt: skip


OWN = follows("kalkan's own models, or those that a user puts in their place")


class Models(NamedTuple):
    """Functions of the loop that may be exchanged; what each is called with is in ``slots``."""

    detect: Annotated[Callable[..., float], About("1", "probability of detection from the signal", OWN)]
    loss_db: Annotated[Callable[..., float], About("dB", "what the weather takes from a signal", OWN)]
    interference_db: Annotated[Callable[..., float], About("dB", "and what interference takes", OWN)]
    salvo: Annotated[Callable[..., int], About("1", "rounds of the next salvo", OWN)]
    worth: Annotated[Callable[..., float], About("1", "of an engagement, for the assignment", OWN)]
    kill: Annotated[Callable[..., float], About("1", "probability that a round kills what it meets", OWN)]
    shot: Annotated[Callable[..., None], About("", "books why the first round at an object was launched", OWN)]
    predict: Annotated[Callable[..., None], About("", "filter: state and covariance moved on in time", OWN)]
    update: Annotated[Callable[..., None], About("", "filter: a measured position taken in", OWN)]
    foresee: Annotated[Callable[..., None] | None, About("", "of another kind of filter: a track moved on", OWN)] = None
    place: Annotated[Callable[..., None] | None, About("", "what a plot is to it", OWN)] = None
    absorb: Annotated[Callable[..., float] | None, About("", "a plot taken in", OWN)] = None
    open: Annotated[Callable[..., None] | None, About("", "a track begun", OWN)] = None
    judge: Annotated[Callable[..., int] | None, About("", "another rule of initiation than M of N", OWN)] = None
    settle: Annotated[Callable[..., None] | None, About("", "joins tracks that share plots", OWN)] = None
    meet: Annotated[Any, About("s", "where a round meets what falls", OWN)] = None
    impact: Annotated[Any, About("s", "when what falls hits which value", OWN)] = None
    policy: Annotated[Any, About("", "a user's own way of assigning threats", OWN)] = None
    haul: Annotated[Any, About("", "what follows of a launcher's round", OWN)] = None
    usual_detect: Annotated[int, About("", "1: detect is kalkan's own, and is called directly", OWN)] = 0
    usual_filter: Annotated[int, About("", "1: predict and update are kalkan's own, and are called directly", OWN)] = 0
    other_filter: Annotated[int, About("", "1: a filter of another kind stands for these two", OWN)] = 0
    other_rule: Annotated[int, About("", "1: judge decides about tentative tracks", OWN)] = 0
    settles: Annotated[int, About("", "1: settle is called after every look", OWN)] = 0
    hauls: Annotated[int, About("", "1: haul is called after every launch", OWN)] = 0


class Watching(NamedTuple):
    """How the pictures are held against the truth."""

    period_s: Annotated[
        float, About("s", "from one comparison to the next; 0: never", switched("study.picture_quality"))
    ]
    cut_off_m: Annotated[
        float, About("m", "a track further from an object does not tell of it", switched("study.picture_cut_off"))
    ]
    decisions: Annotated[
        int, About("", "1: every decision is written into the trace, with its grounds", switched("a replay"))
    ] = 0


class Plan(NamedTuple):
    """The whole input of the loop."""

    study: RunSettings
    knots: Annotated[Struct, KNOT_FIELDS]  # (n_knot,)
    paths: Annotated[Struct, PATH_FIELDS]  # (n_path,)
    threats: Annotated[Struct, THREAT_FIELDS]  # (n_threat,)
    kinds: Annotated[Struct, KIND_FIELDS]  # (n_kind,)
    rcs_dbsm: Annotated[
        F8, About("dB(m2)", "(kind, radar, 3) cross-section from nose, beam, tail in the radar's band", claims("rcs"))
    ]
    assets: Annotated[Struct, ASSET_FIELDS]  # (n_asset,)
    asset_m: Annotated[F8, About("m", "(picture, asset, 3) in each picture's frame", given("assets.position"))]
    radars: Annotated[Struct, RADAR_FIELDS]  # (n_radar,)
    p_d: Annotated[
        F8,
        About("1", "(radar, 5, SNR) detection probability by Swerling class",
              claims("pulses_integrated reference_p_fa")),
    ]  # fmt: skip
    horizon: Annotated[F4, About("1", "all horizon tables in a row: largest elevation tangent so far", PLACES)]
    pictures: Annotated[Struct, PICTURE_FIELDS]  # (n_picture,)
    units: Annotated[Struct, UNIT_FIELDS]  # (n_unit,)
    launchers: Annotated[Struct, LAUNCHER_FIELDS]  # (n_launcher,)
    interceptors: Annotated[Struct, INTERCEPTOR_FIELDS]  # (n_interceptor,)
    flight_s: Annotated[
        F8,
        About("s", "(interceptor, range, altitude) time of flight; inf: out of reach",
              claims("max_speed slowest_interceptor")),
    ]  # fmt: skip
    arrival_m_s: Annotated[
        F8, About("m/s", "(interceptor, range, altitude) speed on arrival", claims("max_speed slowest_interceptor"))
    ]
    weather: AirAndSea
    identity: Identity
    sources: Sources
    interference: Interference
    source_weather: AirAndSea  # of the places where sources' antennas stand, in place of radars
    source_interference: Interference
    watching: Watching
    ballistic: Ballistic
    warning: Warning
    models: Models
    damage: Damage
    manner: Annotated[Struct, MANNER_FIELDS]  # (1,)
    reacting: Reacting


def struct(dtype: np.dtype[np.void], **columns: object) -> Struct:
    """A structured array from its columns, each of the same length; all fields must be given."""
    missing = set(dtype.names or ()) ^ set(columns)
    if missing:
        raise ValueError(f"columns do not fit: {sorted(missing)}")
    first = np.asarray(next(iter(columns.values())))
    out = np.zeros(first.shape[0], dtype)
    for name, values in columns.items() if out.size else ():
        out[name] = values
    return out
