"""Every result variable and every code once: name, dimensions, type, unit, words, and what it means in a sentence.

Tables, plots, files, documentation and the browser read these lists; the kernels' records are allocated from them.
Dimensions beside ``replication``: ``threat``, ``unit`` (fire unit), ``interceptor`` (type), ``asset``, ``post``
(place where plots become tracks), ``radar`` and ``event`` (ragged: see ``event_count``); in a campaign ``wave``,
``part`` (of the defence, which fails and is repaired) and ``stock`` (of a type of interceptor, wherever it is).

A code is a plain integer, as compiled code wants it, and gets its number from its place in its list: declaring one is
one line, and a new one goes to the end of its list, since files hold the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias, TypeVar


class Variable(NamedTuple):
    """One result variable.

    Attributes
    ----------
    dims : tuple of str
    dtype, unit : str
    sentence : str
    codes : sequence of codes
        What the numbers mean, where `unit` is ``code``.
    elsewhere : str
        Of a variable that no measure reads: which file shows it, ``FILE: what``, or why nothing but exports does.
    """

    dims: tuple[str, ...]
    dtype: str
    unit: str
    sentence: str
    codes: Sequence[AnyCode] = ()
    elsewhere: str = ""


class Code(NamedTuple):
    """One of a list of codes, for readers."""

    word: str
    sentence: str


class Reason(NamedTuple):
    """Why a leaker leaked.

    Attributes
    ----------
    word, sentence : str
    severity : int
        Above 0: the defence loses time to it, and the reason told is what cost most; of two that cost the same it
        is the one of greater severity.
    """

    word: str
    sentence: str
    severity: int = 0


class Event(NamedTuple):
    """What an entry of the event log says.

    Attributes
    ----------
    word, sentence : str
        For readers of files: who is its subject and object, and what its value.
    label : str
        Many of them, as a heading.
    told : str
        One of them; ``{threat}``, ``{radar}``, ``{unit}``, ``{post}``, ``{asset}``, ``{round}``, ``{km}`` and ``{n}``
        are the names of its subject and object and its value.
    tone : str
        What it is to a reader: ``kill``, ``leak``, ``launch``, ``trouble`` or ``quiet``.
    minor : bool
        Whether a log leaves it out until it is asked for.
    of_threat : bool
        Whether its subject is a threat.
    """

    word: str
    sentence: str
    label: str
    told: str
    tone: str = "quiet"
    minor: bool = False
    of_threat: bool = True


AnyCode: TypeAlias = Code | Reason | Event
C = TypeVar("C", Code, Reason, Event)


class Codes(list[C]):
    """Codes in the order of their numbers."""

    def add(self, code: C) -> int:
        """Declare one; its number."""
        self.append(code)
        return len(self) - 1


# lengths of the loop, which a check of a scenario knows too
N_SECTORS = 8  # azimuth sectors in which a rotation is processed
MAX_TYPES = 8  # interceptor types in one scenario
SPARE_PLOTS = 256  # plots of a sector beyond one for each threat

# whose a flying thing is
SIDES: Codes[Code] = Codes()
HOSTILE = SIDES.add(Code("hostile", "of a raid: what the defence is to stop"))
FRIENDLY = SIDES.add(Code("friendly", "of the defender's own side"))
NEUTRAL = SIDES.add(Code("neutral", "of nobody's side: civil traffic above all"))

# classes of targets: salvos, rules and kill probabilities differ by them
TARGETS: Codes[Code] = Codes()
AIRCRAFT = TARGETS.add(Code("aircraft", "flies, and is neither of the others"))
UAV = TARGETS.add(Code("uav", "a drone: slow"))
CRUISE_MISSILE = TARGETS.add(Code("cruise-missile", "fast and low"))
BALLISTIC_MISSILE = TARGETS.add(Code("ballistic-missile", "falls: so fast and high that its energy tells"))
ANTI_RADIATION_MISSILE = TARGETS.add(
    Code("anti-radiation-missile", "faster than any aircraft and not low, where a doctrine has rules of its own for it")
)
EVERYWHERE = (AIRCRAFT, UAV, CRUISE_MISSILE)  # asked of every defence; the others only where one of them flies

# what it answers to an interrogation of friend or foe
IFF_REPLIES: Codes[Code] = Codes()
IFF_SILENT = IFF_REPLIES.add(Code("silent", "it has no such transponder, or has switched it off"))
IFF_VALID = IFF_REPLIES.add(Code("replies", "it answers as a friend does"))
IFF_FAILED = IFF_REPLIES.add(Code("failed", "its transponder is out of order: it does not answer, as it should"))

# how a time of upkeep is distributed
DISTRIBUTIONS: Codes[Code] = Codes()
EXPONENTIAL = DISTRIBUTIONS.add(Code("exponential", "without memory: as likely to end in the next hour as in any"))
FIXED = DISTRIBUTIONS.add(Code("fixed", "always its mean"))
WEIBULL = DISTRIBUTIONS.add(Code("weibull", "what has run longer fails sooner, for a shape above 1"))
LOGNORMAL = DISTRIBUTIONS.add(Code("lognormal", "its logarithm is normal: most are short, some very long"))
OF_FAILURES = (EXPONENTIAL, WEIBULL, FIXED)
OF_REPAIRS = (EXPONENTIAL, LOGNORMAL, FIXED)
OF_LEAD_TIMES = (EXPONENTIAL, FIXED)
MOST_FAMILIES = 62  # of components of a part: bits of a word

# endings of a threat
OUTCOMES: Codes[Code] = Codes()
UNRESOLVED = OUTCOMES.add(Code("unresolved", "still flying when the simulated time ended"))
KILLED = OUTCOMES.add(Code("killed", "destroyed by an interceptor"))
LEAKED = OUTCOMES.add(Code("leaked", "reached its aim or its release point"))
DEPARTED = OUTCOMES.add(Code("departed", "flew its route to the end without an aim"))
GAVE_UP = OUTCOMES.add(
    Code("gave up", "turned back or aborted when illuminated or shot at, and was not killed: it attacked nothing")
)

# why a leaker leaked: the furthest stage that the defence reached against it
REASONS: Codes[Reason] = Codes()
NO_REASON = REASONS.add(Reason("", "did not leak"))
NEVER_SEEN = REASONS.add(Reason("never seen", "no radar of the defence had a plot of it"))
NO_TRACK = REASONS.add(Reason("no track", "there were plots, but no confirmed track"))
OUT_OF_ENVELOPE = REASONS.add(Reason("out of envelope", "tracked, but no interceptor could have reached it"))
NO_CHANNEL = REASONS.add(
    Reason("no channel", "tracked and in reach, but all target or missile channels were busy", severity=7)
)
NO_MISSILE = REASONS.add(Reason("no missile", "tracked and in reach, but no round was ready", severity=6))
NOT_HELD = REASONS.add(
    Reason("not held", "ordered, but the engagement radar could not acquire or hold it", severity=5)
)
TOO_LATE = REASONS.add(
    Reason("too late", "ordered, or could have been, but it arrived before a round could meet it", severity=1)
)
NOT_CHOSEN = REASONS.add(
    Reason("not chosen", "tracked and in reach, but never ordered to be engaged", severity=4)
)
MISSED = REASONS.add(Reason("missed", "shot at, and every interceptor missed"))
POOR_CHANCE = REASONS.add(Reason("poor chance", "held, but no round was likely enough to meet it", severity=3))
NOT_WORTH = REASONS.add(
    Reason(
        "not worth it", "tracked and in reach, but the doctrine spends no such round on what it was taken for",
        severity=2,
    )
)  # fmt: skip
NOT_IDENTIFIED = REASONS.add(
    Reason(
        "not identified in time",
        "tracked and in reach, but its identity was not sure enough for the rules until it was too late", severity=8,
    )
)  # fmt: skip
ON_HOLD = REASONS.add(Reason("weapons on hold", "tracked and in reach, but the rules held all fire", severity=9))
OUT_OF_ACTION = REASONS.add(
    Reason(
        "out of action", "a command post, radar or link of the defence was out, and nothing else says why", severity=10
    )
)  # fmt: skip
TAKEN_FOR_DECOY = REASONS.add(
    Reason("taken for a decoy", "in reach, but its track was taken for a decoy or debris, and spared", severity=11)
)


def most_severe_first(reasons: Sequence[Reason]) -> tuple[int, ...]:
    """Codes of the reasons to which the defence loses time."""
    return tuple(sorted((i for i, r in enumerate(reasons) if r.severity), key=lambda i: -reasons[i].severity))


OBSTACLES = most_severe_first(REASONS)

# what tells who a track is
EVIDENCE: Codes[Code] = Codes()
IFF = EVIDENCE.add(Code("IFF", "replies to the military interrogation of friend or foe, or that none comes"))
TRANSPONDER = EVIDENCE.add(Code("transponder and flight plan", "civil replies, and whether a flight plan fits"))
PROFILE = EVIDENCE.add(Code("speed and height", "whether it flies slowly, low, like an airliner, or supersonic"))
AIRWAY = EVIDENCE.add(Code("airway", "whether it flies along an airway"))
ROUTE = EVIDENCE.add(Code("minimum-risk route", "whether it is in a corridor that friends keep to"))
RESTRICTED = EVIDENCE.add(Code("restricted zone", "whether it is where nobody may be"))
ORIGIN = EVIDENCE.add(Code("origin", "whose zone of origin it was first seen in"))
EMITTER = EVIDENCE.add(Code("emitter", "whether a hostile radar is heard from it"))

# why one that is not hostile was shot at
MISLED: Codes[Code] = Codes()
NOT_MISLED = MISLED.add(Code("", "was not shot at, or is hostile"))
MISLED_BY_PRIOR = MISLED.add(Code("expectation", "no evidence spoke for hostile; the post expected nothing else"))
MISLED_BY_EVIDENCE = len(MISLED)  # and the kind of evidence
MISLED.extend(EVIDENCE)

# weapons control, the strictest first
CONTROLS: Codes[Code] = Codes()
CONTROL_HOLD = CONTROLS.add(Code("hold", "nothing is shot at, but in self-defence"))
CONTROL_TIGHT = CONTROLS.add(Code("tight", "what is known as hostile is shot at"))
CONTROL_FREE = CONTROLS.add(Code("free", "what is not known as friendly or neutral is shot at"))

# kinds of zones
ZONES: Codes[Code] = Codes()
WEAPONS_ZONE = ZONES.add(Code("weapons", "has a weapons control of its own"))
RESTRICTED_ZONE = ZONES.add(Code("restricted", "nobody may be in it"))
ROUTE_ZONE = ZONES.add(Code("minimum-risk-route", "friends fly in it"))
AIRWAY_ZONE = ZONES.add(Code("airway", "airliners fly along it"))
ORIGIN_ZONE = ZONES.add(Code("origin", "what is first seen in it is likely of its side"))

# how a replication ended: where several hold, the last of them; the later, the more it matters
STATUS: Codes[Code] = Codes()
OK = STATUS.add(Code("complete", "ran to its end"))
EVENT_LOG_FULL = STATUS.add(
    Code("event log full", "ran to its end; later entries of the event log are missing")
)
TRACKS_FULL = STATUS.add(
    Code("tracks full", "ran to its end; at times a command post had no room for another track")
)
PLOTS_FULL = STATUS.add(
    Code("plots full", "ran to its end; at times a radar had more plots in one sector than there was room for")
)
CANDIDATES_FULL = STATUS.add(
    Code(
        "candidates full",
        "ran to its end; at times a plot was not compared with all tracks near it, for want of room",
    )
)
PAIRS_FULL = STATUS.add(
    Code(
        "pairs full",
        "ran to its end; at times not all pairs of plots and tracks, or of tracks and channels, had room",
    )
)
QUEUE_FULL = STATUS.add(
    Code("queue full", "lost events for want of room in their queue; what followed from them is missing")
)
MEMORY_FULL = STATUS.add(
    Code("memory full", "ran to its end; at times a command post forgot a lost target that it had shot at")
)

# the event log
EVENTS: Codes[Event] = Codes()
EV_FIRST_PLOT = EVENTS.add(
    Event(
        "first plot", "subject: threat, object: radar, value: slant range [m]",
        "First plots", "{radar} first sees {threat} at {km} km", minor=True,
    )
)  # fmt: skip
EV_TRACK = EVENTS.add(
    Event(
        "track confirmed", "subject: threat (-1: false), object: post",
        "Tracks", "{post} confirms a track on {threat}", minor=True,
    )
)  # fmt: skip
EV_ORDER = EVENTS.add(
    Event(
        "order", "subject: threat (-1: none), object: fire unit, value: its target channels in use from now on",
        "Orders", "{unit} is ordered to engage {threat}", minor=True,
    )
)  # fmt: skip
EV_HELD = EVENTS.add(
    Event(
        "held", "the engagement radar acquired it; subject: threat, object: fire unit",
        "Held", "{unit} holds {threat}", minor=True,
    )
)  # fmt: skip
EV_LOST = EVENTS.add(
    Event(
        "lost", "the engagement radar lost it or never acquired it; subject: threat (-1: none), object: fire unit, "
        "value: 1 if it had been held",
        "Not held", "{unit} cannot acquire or hold {threat}", "trouble",
    )
)  # fmt: skip
EV_LAUNCH = EVENTS.add(
    Event(
        "launch", "subject: threat aimed at, object: fire unit, value: interceptor type",
        "Launches", "{unit} launches {round} at {threat}", "launch",
    )
)  # fmt: skip
EV_KILL = EVENTS.add(
    Event(
        "kill", "subject: threat, object: fire unit, value: interceptor type",
        "Kills", "{unit} kills {threat} with {round}", "kill",
    )
)  # fmt: skip
EV_MISS = EVENTS.add(
    Event(
        "miss", "subject: threat, object: fire unit, value: interceptor type",
        "Misses", "{round} of {unit} misses {threat}", "trouble",
    )
)  # fmt: skip
EV_EMPTY = EVENTS.add(
    Event(
        "found no target", "no true object in the basket; subject: threat aimed at, object: fire unit",
        "Found no target", "{round} of {unit}, sent at {threat}, finds no target", "trouble",
    )
)  # fmt: skip
EV_LEAK = EVENTS.add(
    Event(
        "leak", "subject: threat, object: asset, value: why (a code of threat_reason)",
        "Leaks", "{threat} leaks to {asset}", "leak",
    )
)  # fmt: skip
EV_HIT = EVENTS.add(Event("hit", "subject: threat, object: asset", "Hits", "{threat} hits {asset}", "leak"))
EV_DEPART = EVENTS.add(Event("departure", "subject: threat", "Departures", "{threat} departs"))
EV_RELOAD = EVENTS.add(
    Event(
        "reload", "subject: launcher, object: fire unit",
        "Reloads", "a launcher of {unit} is reloaded", minor=True, of_threat=False,
    )
)  # fmt: skip
EV_TRACK_END = EVENTS.add(
    Event(
        "track ended", "subject: threat (-1: false), object: post",
        "Tracks ended", "{post} drops a track on {threat}", minor=True,
    )
)  # fmt: skip
EV_RELEASE = EVENTS.add(
    Event(
        "channel free", "subject: threat (-1: none), object: fire unit, value: its target channels in use from now on",
        "Channels free", "{unit} frees a channel; {n} still busy", minor=True,
    )
)  # fmt: skip
EV_KNOWN_HOSTILE = EVENTS.add(
    Event(
        "known as hostile", "subject: threat (-1: none), object: post, value: P(hostile)",
        "Known as hostile", "{post} takes {threat} for hostile", minor=True,
    )
)  # fmt: skip
EV_KNOWN_FRIENDLY = EVENTS.add(
    Event(
        "known as friendly", "subject: threat (-1: none), object: post, value: P(hostile)",
        "Known as friendly", "{post} takes {threat} for friendly", minor=True,
    )
)  # fmt: skip
EV_KNOWN_NEUTRAL = EVENTS.add(
    Event(
        "known as neutral", "subject: threat (-1: none), object: post, value: P(hostile)",
        "Known as neutral", "{post} takes {threat} for neutral", minor=True,
    )
)  # fmt: skip
EV_NOT_KNOWN = EVENTS.add(
    Event(
        "no longer known", "subject: threat (-1: none), object: post, value: P(hostile)",
        "No longer known", "{post} no longer knows who {threat} is", minor=True,
    )
)  # fmt: skip
EV_CEASED = EVENTS.add(
    Event(
        "fire ceased", "the rules no longer allow the engagement; subject: threat (-1: none), object: fire unit",
        "Fire ceased", "{unit} breaks off, for the rules no longer allow it to shoot at {threat}", "trouble",
    )
)  # fmt: skip
EV_TOLD = EVENTS.add(
    Event(
        "told of", "an external source tells of it for the first time; subject: threat, object: post",
        "First reports", "{post} is told of {threat} by an external source", minor=True,
    )
)  # fmt: skip
EV_POST_OUT = EVENTS.add(
    Event("post out", "object: post", "Posts out", "{post} is out of action", "trouble", of_threat=False)
)
EV_POST_BACK = EVENTS.add(
    Event("post back", "object: post", "Posts back", "{post} is back in action", of_threat=False)
)
EV_RADAR_OUT = EVENTS.add(
    Event("radar out", "object: radar", "Radars out", "{radar} is out of action", "trouble", of_threat=False)
)
EV_RADAR_BACK = EVENTS.add(
    Event("radar back", "object: radar", "Radars back", "{radar} is back in action", of_threat=False)
)
EV_LINK_OUT = EVENTS.add(
    Event("link out", "object: fire unit", "Links out", "{unit} loses its link to its post", "trouble", of_threat=False)
)
EV_LINK_BACK = EVENTS.add(
    Event("link back", "object: fire unit", "Links back", "{unit} has its link to its post again", of_threat=False)
)
EV_LAUNCHER_OUT = EVENTS.add(
    Event(
        "launcher out", "subject: launcher, object: fire unit", "Launchers out",
        "a launcher of {unit} is out of action", "trouble", of_threat=False,
    )
)  # fmt: skip
EV_LAUNCHER_BACK = EVENTS.add(
    Event(
        "launcher back", "subject: launcher, object: fire unit", "Launchers back",
        "a launcher of {unit} is back in action", of_threat=False,
    )
)  # fmt: skip
EV_ALONE = EVENTS.add(
    Event(
        "fights alone", "object: fire unit, value: post, which is itself", "Units that fight alone",
        "{unit} searches with its own radar and orders itself", "trouble", of_threat=False,
    )
)  # fmt: skip
EV_LED = EVENTS.add(
    Event(
        "led", "object: fire unit, value: post", "Units under a post again", "{unit} is led by a post again",
        of_threat=False,
    )
)  # fmt: skip
EV_RADAR_SILENT = EVENTS.add(
    Event("radar silent", "object: radar", "Radars silent", "{radar} falls silent", minor=True, of_threat=False)
)
EV_RADAR_ON = EVENTS.add(
    Event("radar transmits", "object: radar", "Radars that transmit again", "{radar} transmits", minor=True,
          of_threat=False)
)  # fmt: skip
EV_STANDS = EVENTS.add(
    Event(
        "in position", "a launcher has moved, and can launch again; subject: launcher, object: fire unit",
        "Launchers in position", "a launcher of {unit} stands in a new position", minor=True, of_threat=False,
    )
)  # fmt: skip
EV_RECALLED = EVENTS.add(
    Event(
        "order taken back", "subject: threat (-1: none), object: fire unit, value: why (a code of threat_reason)",
        "Orders taken back", "{unit} is no longer to engage {threat}", minor=True,
    )
)  # fmt: skip
EV_DESCENDS = EVENTS.add(
    Event(
        "descends", "it leaves its height, as the scenario has it react; subject: threat, object: fire unit that made "
        "it, value: how far it descends [m]",
        "Descents", "{threat} descends before {unit}",
    )
)  # fmt: skip
EV_TURNS_BACK = EVENTS.add(
    Event(
        "turns back", "as the scenario has it react; subject: threat, object: fire unit that made it",
        "Vehicles that turn back", "{threat} turns back before {unit}",
    )
)  # fmt: skip
EV_ABORTS = EVENTS.add(
    Event(
        "aborts", "it flies on and will release nothing; subject: threat, object: fire unit that made it",
        "Attacks given up", "{threat} gives up its attack before {unit}, and flies on",
    )
)  # fmt: skip
EV_TAKEN_LIGHT = EVENTS.add(
    Event(
        "taken for a decoy", "it slows too much; subject: threat (-1: none), object: post, value: P(decoy)",
        "Taken for decoys", "{post} takes {threat} for a decoy or debris", minor=True,
    )
)  # fmt: skip
EV_TAKEN_HEAVY = EVENTS.add(
    Event(
        "no longer taken for a decoy", "subject: threat (-1: none), object: post, value: P(decoy)",
        "No longer taken for decoys", "{post} no longer takes {threat} for a decoy or debris", minor=True,
    )
)  # fmt: skip
EV_SPARED = EVENTS.add(
    Event(
        "spared", "its track is taken for a decoy or debris; subject: threat (-1: none), object: fire unit",
        "Decoys spared", "{unit} breaks off: {threat} is taken for a decoy or debris",
    )
)  # fmt: skip
EV_WARNED = EVENTS.add(
    Event(
        "warned of", "an early warning of its launch; subject: threat, object: post, value: when it comes down [s]",
        "Warnings of launches", "{post} is warned of the launch of {threat}",
    )
)  # fmt: skip
EV_CUED = EVENTS.add(
    Event(
        "cued", "its sector is turned to where a missile is to rise; object: fire unit",
        "Sectors turned by warnings", "{unit} looks to where a missile is to rise", of_threat=False,
    )
)  # fmt: skip


_R = "replication"
_LOG = "engine/store/store.py: a replication's event log, for replay, time lines and tables of events"
VARIABLES: dict[str, Variable] = {
    "status": Variable((_R,), "int8", "code", "How the replication ended.", STATUS, "views/run/notes.py: a note"),
    "threat_outcome": Variable((_R, "threat"), "int8", "code", "How the threat ended.", OUTCOMES),
    "threat_reason": Variable((_R, "threat"), "int8", "code", "Why a leaker leaked.", REASONS),
    "threat_end_s": Variable(
        (_R, "threat"), "float32", "s", "When the threat ended, or gave up; nan: unresolved.",
        elsewhere="results/theory.py: against a closed form; the replay",
    ),
    "threat_start_s": Variable((_R, "threat"), "float32", "s", "When it began to fly, with its random delay."),
    "threat_first_plot_s": Variable((_R, "threat"), "float32", "s", "First plot of it by a search radar; nan: none."),
    "threat_first_plot_range_m": Variable((_R, "threat"), "float32", "m", "Slant range from that radar; nan: none."),
    "threat_first_plot_radar": Variable((_R, "threat"), "int16", "index", "That radar; -1: none."),
    "threat_first_track_s": Variable(
        (_R, "threat"), "float32", "s", "First confirmed track on it; nan: none.",
        elsewhere="exports only: the range at that time is what a measure tells",
    ),
    "threat_first_track_range_m": Variable(
        (_R, "threat"), "float32", "m", "Its slant range then from the radar whose plot confirmed it; nan: none."
    ),
    "threat_first_track_radar": Variable((_R, "threat"), "int16", "index", "That radar; -1: none."),
    "threat_first_launch_s": Variable(
        (_R, "threat"), "float32", "s", "First launch at it; nan: none.",
        elsewhere="results/theory.py: against a closed form",
    ),
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
        elsewhere="studies/rare.py: weights of rare events",
    ),
    "threat_hit": Variable(
        (_R, "threat"), "int8", "1", "1 if it leaked and hit its aim.",
        elsewhere="engine/retelling.py: the replay; asset_hits counts them",
    ),
    "spent": Variable((_R, "unit", "interceptor"), "int32", "1", "Interceptors launched."),
    "kills": Variable((_R, "unit", "interceptor"), "int32", "1", "Hostile threats killed."),
    "met_nothing": Variable(
        (_R, "unit"), "int32", "1", "Interceptors that found no object in the basket (false, swapped or lost tracks)."
    ),
    "unheld_rounds": Variable(
        (_R, "unit"), "int32", "1", "Of these, interceptors whose engagement was broken since its target was not held."
    ),
    "orders": Variable((_R, "unit"), "int32", "1", "Engagements ordered."),
    "orders_recalled": Variable(
        (_R, "unit"), "int32", "1", "Engagements whose order was taken back before a round was in the air."
    ),
    "not_held": Variable((_R, "unit"), "int32", "1", "Engagements broken because the engagement radar did not hold."),
    "channels_full_s": Variable((_R, "unit"), "float32", "s", "Time with every target channel busy."),
    "channels_peak": Variable((_R, "unit"), "int16", "1", "Most target channels busy at once."),
    "rounds_left": Variable((_R, "unit", "interceptor"), "int32", "1", "Ready rounds at the end."),
    "asset_hits": Variable((_R, "asset"), "int16", "1", "Hits on the asset."),
    "plots": Variable((_R, "radar"), "int32", "1", "Plots of true objects."),
    "false_plots": Variable((_R, "radar"), "int32", "1", "False plots."),
    "plots_jammed": Variable((_R, "radar"), "int32", "1", "Plots of true objects that jamming took."),
    "plots_cluttered": Variable(
        (_R, "radar"), "int32", "1", "Plots of true objects that clutter or the filter against it took."
    ),
    "plots_merged": Variable((_R, "radar"), "int32", "1", "True objects that were part of another's plot."),
    "clutter_plots": Variable((_R, "radar"), "int32", "1", "False plots of land and sea."),
    "strobes": Variable((_R, "radar"), "int32", "1", "Times that it heard a jammer and saw nothing there."),
    "tracks_confirmed": Variable((_R, "post"), "int32", "1", "Tracks confirmed, but for those joined to another then."),
    "tracks_false": Variable((_R, "post"), "int32", "1", "Confirmed tracks whose confirming plot was false."),
    "tracks_merged": Variable((_R, "post"), "int32", "1", "Tracks joined to another, when confirmed or as its rivals."),
    "track_swaps": Variable((_R, "post"), "int32", "1", "Times that a confirmed track changed its true object."),
    "threat_p_hostile_at_shot": Variable(
        (_R, "threat"), "float32", "1", "P(hostile) of its track at the first launch at it; nan: none, or sides untold."
    ),
    "threat_misled_by": Variable(
        (_R, "threat"), "int8", "code", "What spoke most for shooting at one that is not hostile.", MISLED
    ),
    "threat_first_told_s": Variable(
        (_R, "threat"), "float32", "s", "First report of it by an external source that reached a post; nan: none."
    ),
    "threat_warned_s": Variable(
        (_R, "threat"), "float32", "s", "Early warning of its launch at the posts; nan: none."
    ),
    "tracks_told": Variable((_R, "post"), "int32", "1", "Tracks begun on a report of an external source."),
    "tracks_fused": Variable((_R, "post"), "int32", "1", "Reports of external sources fused into a track."),
    "wrong_correlations": Variable(
        (_R, "post"), "int32", "1", "External tracks taken for another object's track, or for a new object's."
    ),
    "remote_rounds": Variable(
        (_R, "unit"), "int32", "1", "Interceptors launched at targets that only an external source's reports held."
    ),
    "post_out_s": Variable((_R, "post"), "float32", "s", "Time that the command post was out of action."),
    "post_losses": Variable((_R, "post"), "int16", "1", "Times that a hit put the command post out."),
    "radar_out_s": Variable((_R, "radar"), "float32", "s", "Time that the radar was out of action."),
    "radar_losses": Variable((_R, "radar"), "int16", "1", "Times that a hit put the radar out."),
    "radar_silent_s": Variable((_R, "radar"), "float32", "s", "Time that emission control kept it silent."),
    "link_out_s": Variable((_R, "unit"), "float32", "s", "Time that its link to its post was down."),
    "launchers_out_s": Variable((_R, "unit"), "float32", "s", "Time that its launchers were out of action, summed."),
    "launcher_losses": Variable((_R, "unit"), "int16", "1", "Times that a hit put one of its launchers out."),
    "alone_s": Variable((_R, "unit"), "float32", "s", "Time that it fought alone, for want of a post that led it."),
    "event_count": Variable(
        (_R,), "int32", "1", "Entries of the replication in the event log.",
        elsewhere="engine/store/store.py: where a replication ends in the event log",
    ),
    "event_time_s": Variable(
        (_R, "event"), "float32", "s", "When it happened.",
        elsewhere=_LOG,
    ),
    "event_kind": Variable((_R, "event"), "int8", "code", "What happened.", EVENTS, _LOG),
    "event_subject": Variable(
        (_R, "event"), "int16", "index", "To whom; usually a threat.",
        elsewhere=_LOG,
    ),
    "event_object": Variable(
        (_R, "event"), "int16", "index", "By whom or to what.",
        elsewhere=_LOG,
    ),
    "event_value": Variable(
        (_R, "event"), "float32", "1", "A number that goes with it, such as the interceptor type.",
        elsewhere=_LOG,
    ),
    "picture_samples": Variable((_R, "post"), "int32", "1", "Times at which the picture was held against the truth."),
    "picture_gospa_m": Variable((_R, "post"), "float64", "m", "Sum of GOSPA over these times, of all that flew."),
    "picture_objects": Variable((_R, "post"), "int32", "1", "Sum of the objects that flew then."),
    "picture_in_view": Variable(
        (_R, "post"), "int32", "1", "Of these, objects that a search radar of the post could see by range, sector and "
        "line of sight."
    ),
    "picture_tracked": Variable((_R, "post"), "int32", "1", "Of all objects then, those with a confirmed track."),
    "picture_seen": Variable((_R, "post"), "int32", "1", "Of those in view, those with a confirmed track."),
    "picture_tracks": Variable((_R, "post"), "int32", "1", "Sum of the confirmed tracks then."),
    "picture_owned": Variable((_R, "post"), "int32", "1", "Of these, tracks that belong to an object."),
    "picture_error_m": Variable((_R, "post"), "float64", "m", "Sum of their distances from their objects."),
    "picture_error_m_s": Variable((_R, "post"), "float64", "m/s", "Sum of the errors of their velocities."),
    "picture_second": Variable(
        (_R, "post"), "int32", "1",
        "Tracks that were left over, three times in a row, while the object of their last plot had another.",
    ),
    "strobes_told": Variable(
        (_R, "post"), "int32", "1", "Directions in which an external source heard a jammer and saw nothing."
    ),
    "wave_start_s": Variable(
        (_R, "wave"), "float64", "s", "Zero hour of the wave, from the start of the campaign, with its random delay.",
        elsewhere="results/by_wave.py: the day on which it comes",
    ),
    "wave_units_ready": Variable(
        (_R, "wave"), "int16", "1", "Fire units that had a working radar and a round ready when the wave began."
    ),
    "wave_parts_out": Variable(
        (_R, "wave"), "int16", "1", "Posts, radars, links and launchers that were out of action when the wave began."
    ),
    "wave_rounds": Variable(
        (_R, "wave", "interceptor"), "int32", "1", "Rounds on launchers when the wave began, of all that are not lost."
    ),
    "wave_behind": Variable(
        (_R, "wave", "interceptor"), "int32", "1", "Rounds in reloads, stores and depots when the wave began.",
        elsewhere="results/by_wave.py: a measure of each wave",
    ),
    "wave_hits": Variable(
        (_R, "wave", "asset"), "int16", "1", "Hits on the asset in the wave.",
        elsewhere="results/by_wave.py: value kept after each wave",
    ),
    "part_out_s": Variable(
        (_R, "part"), "float64", "s", "Time from the start of the campaign to its end that upkeep kept the part down."
    ),
    "part_failures": Variable((_R, "part"), "int32", "1", "Failures of the part in that time."),
    "part_waits": Variable((_R, "part"), "int32", "1", "Of these, failures that found no spare and waited for one."),
    "rounds_bought": Variable((_R, "stock"), "int32", "1", "Rounds at the start of the campaign, wherever."),
    "rounds_made": Variable((_R, "stock"), "int32", "1", "Rounds that production brought in the campaign."),
    "rounds_lost": Variable(
        (_R, "stock"), "int32", "1", "Rounds lost with convoys, and with launchers that are beyond repair."
    ),
    "rounds_kept": Variable(
        (_R, "stock"), "int32", "1", "Rounds left at the end of the campaign: on launchers, behind them, on the way."
    ),
}
NAMED = {"threat": "threat", "radar": "radar", "fire unit": "unit", "post": "post", "asset": "asset"}
"""What has names: as sentences call it, and its dimension."""


def dim_of(sentence: str, before: str = "") -> str:
    """Dimension of what a sentence speaks of right behind `before`; ``""``: it has no names."""
    found = re.search(f"{before}({'|'.join(NAMED)})", sentence, re.IGNORECASE)
    return NAMED[found[1].lower()] if found else ""


CAMPAIGN_DIMS = frozenset(("wave", "part", "stock"))
"""Dimensions that only a campaign has."""
RAGGED = tuple(name for name, v in VARIABLES.items() if "event" in v.dims)
