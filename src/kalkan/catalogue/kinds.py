"""What may be said besides quantities: kinds of entries and claimants, levels, conditions, classes of conflict."""

from __future__ import annotations

from collections.abc import Mapping

from kalkan.catalogue.specs import SPECS

# what each condition of a claim may say; number-valued conditions have None
CONDITIONS: Mapping[str, tuple[str, ...] | None] = {
    "against": ("aircraft", "uav", "cruise-missile", "ballistic-missile", "anti-radiation-missile"),
    "band": ("L", "S", "C", "X"),
    "aspect": ("nose", "beam", "tail"),
    "interceptor": None,
    "mounting": ("vehicle", "mast"),
    "side": ("hostile", "friendly", "neutral"),
    "part": ("post", "radar", "launcher", "link", "vehicle"),
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
_MAY_CLAIM = _names(
    "radial_speed_sigma azimuth_beamwidth noise_figure sidelobe_level range_resolution radial_speed_resolution "
    "notch_speed pulse_repetition_frequency clutter_attenuation"
)
CIVIL = "civil aircraft"  # flies, is seen, and is no target
BALLISTIC = "ballistic missile"  # is launched at its aim, and has no route
RELEASED = "released object"  # falls beside the ballistic missile that released it, or that it is a piece of
THREATS = ("air vehicle", CIVIL, BALLISTIC, RELEASED)  # kinds of entries that the defence wants less capable
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
    BALLISTIC: _names(
        "target_class rcs swerling range ballistic_coefficient boost_time lofted_apogee_ratio depressed_apogee_ratio "
        "hit_probability unit_cost max_speed"
    ),
    RELEASED: _names(
        "target_class rcs swerling ballistic_coefficient coefficient_spread separation_speed"
    ),
    "airborne radar": _names(
        "band detection_range reference_p_d reference_p_fa pulses_integrated reference_swerling instrumented_range "
        "min_range scan_period elevation_min elevation_max range_sigma azimuth_sigma elevation_sigma "
        "operating_altitude cruise_speed"
    ),
    "data link": _names(
        "link_latency link_update_period link_availability link_outage report_sigma registration_bias "
        "wrong_correlation track_confirm_m track_confirm_n track_drop_misses process_noise"
    ),
    "upkeep": _names(
        "mean_time_between_failures mean_time_to_repair failure_shape repair_spread needs_spare component_families "
        "spares foreign_lead_time local_lead_time local_share maintenance_interval maintenance_time in_service_time"
    ),
    "launch warning": _names("launch_detection warning_delay launch_point_error impact_point_error"),
    "cueing radar": _names("instrumented_range"),
    "listed part": (),  # the engine does not use it
    "traffic": _names("flights_per_day"),
    "deal": (),
    "signature exposure": _names(
        "sorties_per_day radiating_share calibration_error background_error reflector_diameter reflector_error"
    ),
    "model": _names(
        "minor_threat_share fresh_track_share urgency_time same_object_distance cue_search_distance reserve_time "
        "full_speed_ratio no_speed_ratio full_crossing tail_chase_factor edge_factor edge_fraction "
        "noise_floor_fraction slowest_interceptor fire_unit_distance lost_target_memory slow_target_speed "
        "low_target_altitude strike_distance confirm_gate usual_speed nearer_share believed_climb lowest_flight "
        "common_cause_share crew_delay launch_threshold salvo max_salvos look earliest_share "
        "preferred assignment reserve coordination remote_track_age strobe_threshold land_gamma "
        "clutter_spikiness ballistic_energy_height ballistic_no_speed_ratio ballistic_full_speed_ratio "
        "assumed_ballistic_coefficient assumed_decoy_coefficient decoy_prior decoy_confidence steep_fall "
        "post_put_out radar_put_out launcher_put_out beyond_repair repair_time "
        "takeover_time decoy_attraction gone_track_looks calm_noise_share turn_rate_sigma turn_rate_density "
        "straight_time turn_time crew_load fast_target_speed score_detection false_track_chance lost_track_chance "
        "delivery_time crew_training work_up maintenance_share "
        "restock_time convoy_time convoy_time_spread convoy_loss convoy_rounds convoys"
    ),
    "identification": _names(
        "prior_share iff_reply iff_broken iff_imitation transponder_on plan_known plan_correlation profile_slow "
        "profile_low profile_cruise profile_fast cruise_altitude airway_share airway_course airway_width route_share "
        "restricted_share origin_match origin_mismatch emitter_heard evidence_weight interrogation_period "
        "identity_memory required_confidence weapons_control self_defence self_defence_distance"
    ),
}
# kind of entry -> quantities that it may have, and that a run then computes with
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "system": ("engage_on_remote", "price"),
    "radar": _MAY_CLAIM,
    "engagement radar": _MAY_CLAIM,
    "airborne radar": _names(
        "frequency elevation_beamwidth azimuth_beamwidth noise_figure sidelobe_level range_resolution notch_speed "
        "pulse_repetition_frequency clutter_attenuation"
    ),
    "interceptor": ("never_against", "max_range_ballistic", "max_altitude_ballistic", "min_altitude_ballistic",
                    "made_per_year"),
    "air vehicle": ("homes_on_emitters", "emitter_memory", "silent_hit_share", "steepest_descent"),
    CIVIL: ("operating_altitude",),
    BALLISTIC: ("debris_pieces", "breakup_altitude"),
}
