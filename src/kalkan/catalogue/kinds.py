"""What may be said besides quantities: kinds of entries and claimants, levels, conditions, classes of conflict."""

from __future__ import annotations

from collections.abc import Mapping

from kalkan.catalogue.specs import SPECS

# what each condition of a claim may say; number-valued conditions have None
CONDITIONS: Mapping[str, tuple[str, ...] | None] = {
    "against": ("aircraft", "uav", "cruise-missile", "ballistic-missile"),
    "band": ("L", "S", "C", "X"),
    "aspect": ("nose", "beam", "tail"),
    "interceptor": None,
    "mounting": ("vehicle", "mast"),
    "rcs_m2": None,
    "p_d": None,
    "p_fa": None,
}

LEVELS = (
    "interceptor", "launcher", "fire unit", "regiment set", "full complement", "system", "air vehicle",
    "nation", "area", "deal",
)  # fmt: skip

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

def defence_wants(quantity: str, kind: str) -> str | None:
    """The direction of a quantity that is good for the defence: ``"high"``, ``"low"`` or None.

    The capable direction for what defends, its opposite for what flies in (`kind` of the entry).
    """
    better = SPECS[quantity].better
    if better == "neither":
        return None
    return {"high": "low", "low": "high"}[better] if kind in THREATS else better


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_RADAR = _names(
    "band frequency elevation_beamwidth detection_range reference_p_d reference_p_fa pulses_integrated "
    "reference_swerling instrumented_range min_range scan_period sector_width elevation_min elevation_max range_sigma "
    "azimuth_sigma elevation_sigma false_alarms_per_scan targets_tracked antenna_height"
)
CIVIL = "civil aircraft"  # flies, is seen, and is no target
THREATS = ("air vehicle", CIVIL, "ballistic missile")  # kinds of entries that the defence wants less capable
_FLIES = _names("target_class rcs swerling cruise_speed max_load_factor hit_probability unit_cost length wingspan")
# kind of entry -> quantities that it must have
KINDS: Mapping[str, tuple[str, ...]] = {
    "system": _names(
        "command_post acquisition_radars engagement_radar launcher fire_units launchers_per_fire_unit load interceptors"
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
        "basket_radius active_distance last_resort_against missiles_per_tube unit_cost"
    ),
    "air vehicle": _FLIES,
    CIVIL: _FLIES,
    "ballistic missile": _names("target_class rcs max_speed range apogee launch_mass unit_cost"),
    "airborne radar": _names("surveillance_range operating_altitude"),
    "cueing radar": _names("instrumented_range"),
    "listed part": (),  # the engine does not use it
    "traffic": _names("flights_per_day"),
    "deal": (),
    "model": _names(
        "minor_threat_share fresh_track_share urgency_time same_object_distance cue_search_distance reserve_time "
        "full_speed_ratio no_speed_ratio full_crossing tail_chase_factor edge_factor edge_fraction "
        "noise_floor_fraction slowest_interceptor fire_unit_distance lost_target_memory slow_target_speed "
        "low_target_altitude strike_distance confirm_gate usual_speed nearer_share believed_climb lowest_flight "
        "common_cause_share crew_delay launch_threshold salvo max_salvos look earliest_share "
        "preferred assignment reserve coordination"
    ),
}
# kind of entry -> quantities that it may have, and that a run then computes with
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "radar": ("radial_speed_sigma",),
    "engagement radar": ("radial_speed_sigma",),
    "interceptor": ("never_against",),
}
