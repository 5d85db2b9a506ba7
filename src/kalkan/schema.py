"""Every result variable once: name, dimensions, type, unit, and what it means in a sentence.

Tables, plots, files and documentation all read this list; the kernels' records are allocated
from it. Dimensions beside ``replication``: ``threat``, ``unit`` (fire unit), ``interceptor``
(type), ``asset``, ``post`` (place where plots become tracks), ``radar`` and ``event``
(ragged: see ``event_count``).
"""

from __future__ import annotations

from typing import NamedTuple


class Variable(NamedTuple):
    """One result variable."""

    dims: tuple[str, ...]
    dtype: str
    unit: str
    sentence: str


# lengths of the loop, which a check of a scenario knows too
N_SECTORS = 8  # azimuth sectors in which a rotation is processed
MAX_TYPES = 8  # interceptor types in one scenario
SPARE_PLOTS = 256  # plots of a sector beyond one for each threat

# endings of a threat
UNRESOLVED, KILLED, LEAKED, DEPARTED = range(4)
OUTCOMES: tuple[tuple[str, str], ...] = (
    ("unresolved", "still flying when the simulated time ended"),
    ("killed", "destroyed by an interceptor"),
    ("leaked", "reached its aim or its release point"),
    ("departed", "flew its route to the end without an aim"),
)

# why a leaker leaked: the furthest stage that the defence reached against it
(
    NO_REASON, NEVER_SEEN, NO_TRACK, OUT_OF_ENVELOPE, NO_CHANNEL, NO_MISSILE,
    NOT_HELD, TOO_LATE, NOT_CHOSEN, MISSED, POOR_CHANCE, NOT_WORTH,
) = range(12)  # fmt: skip
REASONS: tuple[tuple[str, str], ...] = (
    ("", "did not leak"),
    ("never seen", "no radar of the defence had a plot of it"),
    ("no track", "there were plots, but no confirmed track"),
    ("out of envelope", "tracked, but no interceptor could have reached it"),
    ("no channel", "tracked and in reach, but all target or missile channels were busy"),
    ("no missile", "tracked and in reach, but no round was ready"),
    ("not held", "ordered, but the engagement radar could not acquire or hold it"),
    ("too late", "ordered, or could have been, but it arrived before a round could meet it"),
    ("not chosen", "tracked and in reach, but never ordered to be engaged"),
    ("missed", "shot at, and every interceptor missed"),
    ("poor chance", "held, but no round was likely enough to meet it"),
    ("not worth it", "tracked and in reach, but the doctrine spends no such round on what it was taken for"),
)

# how a replication ended: where several hold, the last of them; the later, the more it matters
OK, EVENT_LOG_FULL, TRACKS_FULL, PLOTS_FULL, CANDIDATES_FULL, PAIRS_FULL, QUEUE_FULL = range(7)
STATUS: tuple[tuple[str, str], ...] = (
    ("complete", "ran to its end"),
    ("event log full", "ran to its end; later entries of the event log are missing"),
    ("tracks full", "ran to its end; at times a command post had no room for another track"),
    ("plots full", "ran to its end; at times a radar had more plots in one sector than there was room for"),
    ("candidates full", "ran to its end; at times a plot was not compared with all tracks near it, for want of room"),
    ("pairs full", "ran to its end; at times not all pairs of plots and tracks, or of tracks and channels, had room"),
    ("queue full", "lost events for want of room in their queue; what followed from them is missing"),
)

# the event log
(
    EV_FIRST_PLOT, EV_TRACK, EV_ORDER, EV_HELD, EV_LOST, EV_LAUNCH, EV_KILL, EV_MISS, EV_EMPTY,
    EV_LEAK, EV_HIT, EV_DEPART, EV_RELOAD, EV_TRACK_END, EV_RELEASE,
) = range(15)  # fmt: skip
EVENTS: tuple[tuple[str, str], ...] = (
    ("first plot", "subject: threat, object: radar"),
    ("track confirmed", "subject: threat (-1: false), object: post"),
    ("order", "subject: threat (-1: none), object: fire unit, value: its target channels in use from now on"),
    ("held", "the engagement radar acquired it; subject: threat, object: fire unit"),
    ("lost", "the engagement radar lost it or never acquired it; subject: threat (-1: none), object: fire unit, "
     "value: 1 if it had been held"),
    ("launch", "subject: threat aimed at, object: fire unit, value: interceptor type"),
    ("kill", "subject: threat, object: fire unit, value: interceptor type"),
    ("miss", "subject: threat, object: fire unit, value: interceptor type"),
    ("met nothing", "no true object in the basket; subject: threat aimed at, object: fire unit"),
    ("leak", "subject: threat, object: asset"),
    ("hit", "subject: threat, object: asset"),
    ("departure", "subject: threat"),
    ("reload", "subject: launcher, object: fire unit"),
    ("track ended", "subject: threat (-1: false), object: post"),
    ("channel free", "subject: threat (-1: none), object: fire unit, value: its target channels in use from now on"),
)

_R = "replication"
VARIABLES: dict[str, Variable] = {
    "status": Variable((_R,), "int8", "code", "How the replication ended (see STATUS)."),
    "threat_outcome": Variable((_R, "threat"), "int8", "code", "How the threat ended (see OUTCOMES)."),
    "threat_reason": Variable((_R, "threat"), "int8", "code", "Why a leaker leaked (see REASONS)."),
    "threat_end_s": Variable((_R, "threat"), "float32", "s", "When the threat ended; nan: unresolved."),
    "threat_start_s": Variable((_R, "threat"), "float32", "s", "When it began to fly, with its random delay."),
    "threat_first_plot_s": Variable((_R, "threat"), "float32", "s", "First plot of it by a search radar; nan: none."),
    "threat_first_plot_range_m": Variable((_R, "threat"), "float32", "m", "Slant range from that radar; nan: none."),
    "threat_first_plot_radar": Variable((_R, "threat"), "int16", "index", "That radar; -1: none."),
    "threat_first_track_s": Variable((_R, "threat"), "float32", "s", "First confirmed track on it; nan: none."),
    "threat_first_track_range_m": Variable(
        (_R, "threat"), "float32", "m", "Its slant range then from the radar whose plot confirmed it; nan: none."
    ),
    "threat_first_track_radar": Variable((_R, "threat"), "int16", "index", "That radar; -1: none."),
    "threat_first_launch_s": Variable((_R, "threat"), "float32", "s", "First launch at it; nan: none."),
    "threat_first_launch_range_m": Variable(
        (_R, "threat"), "float32", "m", "Its slant range from the fire unit at that launch; nan: none."
    ),
    "threat_first_launch_unit": Variable((_R, "threat"), "int16", "index", "That fire unit; -1: none."),
    "threat_first_intercept_range_m": Variable(
        (_R, "threat"), "float32", "m",
        "Its slant range from the fire unit's radar when an interceptor first met it, kill or miss; nan: none.",
    ),
    "threat_first_intercept_unit": Variable((_R, "threat"), "int16", "index", "That fire unit; -1: none."),
    "threat_shots": Variable((_R, "threat"), "int16", "1", "Interceptors launched at it."),
    "threat_killer": Variable((_R, "threat"), "int16", "index", "Fire unit that killed it; -1: none."),
    "threat_spared_log": Variable(
        (_R, "threat"), "float64", "1",
        "Log of how much likelier the outcomes of its intercepts would be if every interceptor missed it.",
    ),
    "threat_hit": Variable((_R, "threat"), "int8", "1", "1 if it leaked and hit its aim."),
    "spent": Variable((_R, "unit", "interceptor"), "int32", "1", "Interceptors launched."),
    "kills": Variable((_R, "unit", "interceptor"), "int32", "1", "Threats killed."),
    "met_nothing": Variable(
        (_R, "unit"), "int32", "1", "Interceptors that found no object in the basket (false, swapped or lost tracks)."
    ),
    "unheld_rounds": Variable(
        (_R, "unit"), "int32", "1", "Of these, interceptors whose engagement was broken since its target was not held."
    ),
    "orders": Variable((_R, "unit"), "int32", "1", "Engagements ordered."),
    "not_held": Variable((_R, "unit"), "int32", "1", "Engagements broken because the engagement radar did not hold."),
    "channels_full_s": Variable((_R, "unit"), "float32", "s", "Time with every target channel busy."),
    "channels_peak": Variable((_R, "unit"), "int16", "1", "Most target channels busy at once."),
    "rounds_left": Variable((_R, "unit", "interceptor"), "int32", "1", "Ready rounds at the end."),
    "asset_hits": Variable((_R, "asset"), "int16", "1", "Hits on the asset."),
    "plots": Variable((_R, "radar"), "int32", "1", "Plots of true objects."),
    "false_plots": Variable((_R, "radar"), "int32", "1", "False plots."),
    "tracks_confirmed": Variable((_R, "post"), "int32", "1", "Tracks confirmed, but for those joined to another."),
    "tracks_false": Variable((_R, "post"), "int32", "1", "Confirmed tracks whose confirming plot was false."),
    "tracks_merged": Variable((_R, "post"), "int32", "1", "Tracks joined to another when confirmed."),
    "track_swaps": Variable((_R, "post"), "int32", "1", "Times that a confirmed track changed its true object."),
    "event_count": Variable((_R,), "int32", "1", "Entries of the replication in the event log."),
    "event_time_s": Variable((_R, "event"), "float32", "s", "When it happened."),
    "event_kind": Variable((_R, "event"), "int8", "code", "What happened (see EVENTS)."),
    "event_subject": Variable((_R, "event"), "int16", "index", "To whom; usually a threat."),
    "event_object": Variable((_R, "event"), "int16", "index", "By whom or to what."),
    "event_value": Variable((_R, "event"), "float32", "1", "A number that goes with it, such as the interceptor type."),
}
RAGGED = tuple(name for name, v in VARIABLES.items() if "event" in v.dims)
