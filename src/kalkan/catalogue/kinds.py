"""What may be said: every quantity once (dimension, sentence), and what each kind of entry must have.

A quantity's ``by`` names the conditions that a caller must give, because claims for different
conditions are different facts (a kill probability against a UAV is not one against an aircraft).
``better`` says which direction makes the thing described more capable; the last tie-break of
:mod:`kalkan.catalogue.resolve` takes the less capable value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TEXT = "text"  # the dimension of a quantity that is a word, not a number


@dataclass(frozen=True, slots=True)
class Spec:
    """What a quantity is.

    Attributes
    ----------
    dimension : str
        A key of :data:`kalkan.units.SI_UNIT`, or :data:`TEXT`.
    sentence : str
        What the number means.
    by : tuple of str
        Conditions that must be given to resolve it.
    better : str
        ``"high"`` or ``"low"``: the direction that is more capable.
    """

    dimension: str
    sentence: str
    by: tuple[str, ...] = ()
    better: str = "high"


# what each condition of a claim may say; number-valued conditions have None
CONDITIONS: Mapping[str, tuple[str, ...] | None] = {
    "against": ("aircraft", "uav", "cruise-missile"),
    "band": ("L", "S", "C", "X"),
    "aspect": ("nose", "beam", "tail"),
    "interceptor": None,
    "mounting": ("vehicle", "mast"),
    "rcs_m2": None,
    "p_d": None,
    "p_fa": None,
}

LEVELS = ("interceptor", "launcher", "fire unit", "regiment set", "full complement", "system", "air vehicle")

# who claims, in the order in which a tie is broken
CLAIMANT_KINDS = (
    "independent-analysis",
    "operator",
    "government",
    "manufacturer",
    "encyclopaedia",
    "press",
    "estimate",
    "assumption",
)

CONFLICTS: Mapping[str, str] = {
    "B": "brochure maximum against usable value",
    "L": "level confusion: fire unit, regiment set or full complement",
    "R": "role confusion: one quantity read as another",
    "U": "unit slip",
    "V": "variants mixed",
    "T": "changes with time",
    "P": "partisan contradiction",
    "X": "origin unknown",
}

SPECS: Mapping[str, Spec] = {
    # radar
    "band": Spec(TEXT, "frequency band, IEEE letter"),
    "frequency": Spec("frequency", "carrier frequency; matters for absorption, rain and lobing"),
    "elevation_beamwidth": Spec("angle", "half-power width of its beam in elevation; matters for lobing", better="low"),
    "detection_range": Spec("length", "range at which the reference target is detected with p_d and p_fa"),
    "reference_p_d": Spec("fraction", "detection probability per look meant by the detection range"),
    "reference_p_fa": Spec("fraction", "false-alarm probability per cell meant by it", better="low"),
    "reference_swerling": Spec("number", "Swerling case of the reference target"),
    "pulses_integrated": Spec("number", "pulses integrated per look"),
    "instrumented_range": Spec("length", "longest range that the radar displays"),
    "min_range": Spec("length", "shortest range at which it works", better="low"),
    "scan_period": Spec("time", "time between two looks at the same direction", better="low"),
    "sector_width": Spec("angle", "azimuth width covered without turning the antenna"),
    "elevation_min": Spec("angle", "lowest elevation covered", better="low"),
    "elevation_max": Spec("angle", "highest elevation covered"),
    "range_sigma": Spec("length", "1-sigma range error at the reference signal", better="low"),
    "azimuth_sigma": Spec("angle", "1-sigma azimuth error at the reference signal", better="low"),
    "elevation_sigma": Spec("angle", "1-sigma elevation error at the reference signal", better="low"),
    "false_alarms_per_scan": Spec("number", "mean number of false plots per scan", better="low"),
    "targets_tracked": Spec("number", "targets held in track at once"),
    "antenna_height": Spec("length", "antenna centre above ground; on a vehicle unless a mast is asked for"),
    # engagement radar
    "target_channels": Spec("number", "targets engaged at once by one fire unit"),
    "missile_channels": Spec("number", "interceptors supported at once by one fire unit"),
    "update_period": Spec("time", "time between two looks at a target being engaged", better="low"),
    "slew_rate": Spec("angular rate", "rate at which the antenna turns to a new sector"),
    "acquisition_hits": Spec("number", "detections needed to hold a cued target", better="low"),
    "acquisition_window": Spec("time", "time within which those detections must fall"),
    "drop_misses": Spec("number", "missed looks in a row after which a held target is lost"),
    "search_period": Spec("time", "time to search its own sector without cueing", better="low"),
    # command post
    "reaction_time": Spec("time", "from a confirmed track to the first launch", better="low"),
    "command_cycle": Spec("time", "time between two rounds of target allotment", better="low"),
    "fire_units_controlled": Spec("number", "fire units under one command post"),
    "assessment_time": Spec("time", "from intercept to knowing its outcome", better="low"),
    "assessment_error": Spec("fraction", "chance that the outcome is judged wrongly", better="low"),
    "track_confirm_m": Spec("number", "plots needed to confirm a track", better="low"),
    "track_confirm_n": Spec("number", "scans within which they must fall"),
    "track_drop_misses": Spec("number", "missed scans in a row after which a track is dropped"),
    "process_noise": Spec("acceleration", "1-sigma target acceleration allowed for by the tracker"),
    "association_gate": Spec("number", "squared Mahalanobis distance within which a plot may belong to a track"),
    "initial_speed_sigma": Spec("speed", "1-sigma of a new track's velocity, per axis"),
    "threatened_radius": Spec("length", "a track that will pass an asset this near threatens it"),
    "hold_patience": Spec("time", "an engagement without a possible shot is given up after", better="low"),
    "retry_delay": Spec("time", "a target given up is not tried again by the same fire unit for", better="low"),
    # launcher
    "tubes": Spec("number", "large tube positions per launcher"),
    "launch_interval": Spec("time", "time between two launches of one fire unit", better="low"),
    "reload_time": Spec("time", "time to reload one launcher", better="low"),
    # interceptor
    "max_range": Spec("length", "longest intercept range against aircraft"),
    "max_target_altitude": Spec("length", "highest aerodynamic target"),
    "min_target_altitude": Spec("length", "lowest target", better="low"),
    "max_target_speed": Spec("speed", "fastest target"),
    "max_speed": Spec("speed", "the interceptor's own highest speed"),
    "mean_speed": Spec("speed", "mean speed over the fly-out"),
    "launch_mass": Spec("mass", "mass at launch", better="low"),
    "diameter": Spec("length", "body diameter", better="low"),
    "burn_time": Spec("time", "time under thrust"),
    "propellant_fraction": Spec("fraction", "propellant mass over launch mass"),
    "drag_coefficient": Spec("number", "mean supersonic drag coefficient on body area", better="low"),
    "kill_probability": Spec("fraction", "single-shot kill probability", by=("against",)),
    "basket_radius": Spec("length", "radius around the track within which it meets an object"),
    "missiles_per_tube": Spec("number", "missiles that one large tube position carries"),
    # air vehicle
    "target_class": Spec(TEXT, "class that kill probabilities are claimed for"),
    "rcs": Spec("area", "radar cross-section", by=("band", "aspect"), better="low"),
    "swerling": Spec("number", "Swerling case of its fluctuation"),
    "cruise_speed": Spec("speed", "speed when the raid gives none"),
    "max_load_factor": Spec("acceleration", "hardest turn"),
    "hit_probability": Spec("fraction", "chance that a leaker hits its aim"),
    "length": Spec("length", "length", better="low"),
    "wingspan": Spec("length", "wing span", better="low"),
    "unit_cost": Spec("money", "cost of one", better="low"),
    # system
    "command_post": Spec(TEXT, "catalogue id of the command post"),
    "acquisition_radars": Spec(TEXT, "catalogue ids of the acquisition radars, comma-separated"),
    "engagement_radar": Spec(TEXT, "catalogue id of the engagement radar of each fire unit"),
    "launcher": Spec(TEXT, "catalogue id of the launcher"),
    "fire_units": Spec("number", "fire units in one set"),
    "launchers_per_fire_unit": Spec("number", "launchers in one fire unit"),
    "load": Spec("number", "missiles of one type on one launcher", by=("interceptor",)),
    "engagement_range": Spec("length", "headline range against aircraft; kalkan computes it instead"),
    "low_target_range": Spec("length", "range against low cruise missiles; kalkan computes it instead"),
    "deploy_time": Spec("time", "from march to combat-ready", better="low"),
    "standby_time": Spec("time", "from standby to ready", better="low"),
    "missile_ready_time": Spec("time", "to ready the missiles for launch", better="low"),
    "price": Spec("money", "price of one fire unit (battalion)", better="low"),
}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_RADAR = _names(
    "band frequency elevation_beamwidth detection_range reference_p_d reference_p_fa pulses_integrated "
    "reference_swerling instrumented_range min_range scan_period sector_width elevation_min elevation_max range_sigma "
    "azimuth_sigma elevation_sigma false_alarms_per_scan targets_tracked antenna_height"
)
# kind of entry -> quantities that it must have
KINDS: Mapping[str, tuple[str, ...]] = {
    "system": _names(
        "command_post acquisition_radars engagement_radar launcher fire_units launchers_per_fire_unit load"
    ),
    "command post": _names(
        "reaction_time command_cycle fire_units_controlled targets_tracked assessment_time "
        "assessment_error track_confirm_m track_confirm_n track_drop_misses process_noise "
        "association_gate initial_speed_sigma threatened_radius hold_patience retry_delay"
    ),
    "radar": _RADAR,
    "engagement radar": _RADAR
    + _names(
        "target_channels missile_channels update_period slew_rate acquisition_hits "
        "acquisition_window drop_misses search_period"
    ),
    "launcher": _names("tubes launch_interval reload_time"),
    "interceptor": _names(
        "max_range min_range max_target_altitude min_target_altitude max_target_speed max_speed "
        "launch_mass diameter burn_time propellant_fraction drag_coefficient kill_probability "
        "basket_radius missiles_per_tube unit_cost"
    ),
    "air vehicle": _names(
        "target_class rcs swerling cruise_speed max_load_factor hit_probability unit_cost length wingspan"
    ),
}
