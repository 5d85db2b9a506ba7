"""A scene for each figure that a plan takes from the catalogue, of post, radars, launchers, interceptors and model."""

from __future__ import annotations

from kalkan.schema import EV_HELD, EV_LAUNCH, EV_ORDER, EV_TRACK_END
from tests.engine.measures import (
    Change,
    falls,
    first_launch_km,
    first_launch_s,
    first_meeting_km,
    first_plot_km,
    first_track_s,
    happened,
    killed,
    launched_at_s,
    leakers,
    over_s,
    recorded,
    rises,
    rounds_of,
    shots,
    tracks_begun,
)
from tests.engine.scenes import (
    ABREAST,
    ALONE,
    AS_IT_COMES,
    BEHIND,
    BOTH,
    BROKEN,
    CLIMBING,
    CRUISE,
    FAINT,
    FAR,
    FAST_FADING,
    HELD_AT_60_KM,
    IN_TRAIL,
    LOW,
    MINOR,
    NEVER_HIT,
    NO_DOPPLER,
    ONE_ROUND,
    ONE_SALVO,
    ONLY_ONE,
    OTHER,
    PASSING,
    PEACE,
    POOR,
    RAIN,
    RICH_AND_POOR,
    SEA,
    SEEN_AT_60_KM,
    SMALL_BASKET,
    STACKED,
    STEALTHY,
    TAIL_CHASE,
    TURNED_AWAY,
    TWO,
    WINDING,
    ZIGZAG,
)

FIGURES: dict[str, Change] = {
    # the command post
    "post.reaction_time": rises(first_launch_s, 'assume.55k6e.reaction_time = "60 s"'),
    "post.command_cycle": rises(happened(EV_ORDER), 'assume.55k6e.command_cycle = "60 s"'),
    "post.targets_tracked": rises(first_track_s, "assume.55k6e.targets_tracked = 1", TWO, NEVER_HIT),
    "post.assessment_time": rises(happened(EV_LAUNCH, 2), 'assume.55k6e.assessment_time = "30 s"', NEVER_HIT),
    "post.assessment_error": rises(recorded("orders"), "assume.55k6e.assessment_error = 1.0", NEVER_HIT),
    "post.track_confirm_m": rises(first_track_s, "assume.55k6e.track_confirm_m = 5\nassume.55k6e.track_confirm_n = 5"),
    "post.track_confirm_n": falls(
        first_track_s, "assume.55k6e.track_confirm_n = 8", SEEN_AT_60_KM,
        "assume.55k6e.track_confirm_m = 2\nassume.55k6e.track_confirm_n = 2", n=4,
    ),
    "post.track_drop_misses": rises(happened(EV_TRACK_END), "assume.55k6e.track_drop_misses = 20", NEVER_HIT),
    "post.process_noise": falls(
        tracks_begun, 'assume.55k6e.process_noise = "60 m/s2"', *WINDING, PEACE,
        'assume.55k6e.process_noise = "0.5 m/s2"',
    ),
    "post.association_gate": falls(
        recorded("tracks_confirmed"), "assume.55k6e.association_gate = 60", "assume.55k6e.association_gate = 1",
    ),
    "post.initial_speed_sigma": falls(
        first_track_s, 'assume.55k6e.initial_speed_sigma = "400 m/s"', 'assume.55k6e.initial_speed_sigma = "10 m/s"',
        NO_DOPPLER,
    ),
    "post.threatened_radius": rises(
        shots, 'assume.55k6e.threatened_radius = "30 km"', 'assume.55k6e.threatened_radius = "5 km"',
        "doctrine.standard.reserve = 1000", *PASSING,
    ),
    "post.hold_patience": falls(
        recorded("orders"), 'assume.55k6e.hold_patience = "1000 s"', *POOR, 'assume.55k6e.hold_patience = "10 s"',
    ),
    "post.retry_delay": falls(
        recorded("orders"), 'assume.55k6e.retry_delay = "300 s"', *POOR, 'assume.55k6e.hold_patience = "10 s"',
        'assume.55k6e.retry_delay = "10 s"',
    ),
    # the search radar
    "radar.band": falls(
        first_plot_km, 'assume.91n6e.band = "X"', 'assume.91n6e.band = "L"',
        'assume.91n6e.detection_range = "100 km"', STEALTHY,
    ),
    "radar.frequency": falls(
        first_plot_km, 'assume.91n6e.frequency = "12 GHz"', RAIN, 'assume.91n6e.detection_range = "150 km"',
    ),
    "radar.elevation_beamwidth": falls(
        first_plot_km, 'assume.91n6e.elevation_beamwidth = "0.5 deg"', 'assume.91n6e.elevation_beamwidth = "20 deg"',
        SEA, SEEN_AT_60_KM, n=4,
    ),
    "radar.detection_range": rises(
        first_plot_km, 'assume.91n6e.detection_range = "100 km"', 'assume.91n6e.detection_range = "50 km"',
    ),
    "radar.reference_p_d": rises(first_plot_km, "assume.91n6e.reference_p_d = 0.95", SEEN_AT_60_KM, n=4),
    "radar.reference_p_fa": rises(
        first_plot_km, "assume.91n6e.reference_p_fa = 0.01", 'assume.91n6e.detection_range = "40 km"', n=4,
    ),
    "radar.reference_swerling": falls(first_plot_km, "assume.91n6e.reference_swerling = 0", SEEN_AT_60_KM, n=4),
    "radar.pulses_integrated": falls(
        first_plot_km, "assume.91n6e.pulses_integrated = 100", "assume.91n6e.pulses_integrated = 1",
        "assume.91n6e.reference_swerling = 2", FAST_FADING, SEEN_AT_60_KM, n=4,
    ),
    "radar.instrumented_range": rises(
        first_plot_km, 'assume.91n6e.instrumented_range = "100 km"', 'assume.91n6e.instrumented_range = "50 km"',
    ),
    "radar.min_range": falls(recorded("plots"), 'assume.91n6e.min_range = "100 km"', NEVER_HIT),
    "radar.scan_period": rises(first_track_s, 'assume.91n6e.scan_period = "10 s"'),
    "radar.sector_width": falls(recorded("plots"), 'assume.91n6e.sector_width = "90 deg"'),
    "radar.elevation_min": falls(first_plot_km, 'assume.91n6e.elevation_min = "5 deg"'),
    "radar.elevation_max": falls(recorded("plots"), 'assume.91n6e.elevation_max = "5 deg"', NEVER_HIT),
    "radar.range_sigma": rises(recorded("track_swaps"), 'assume.91n6e.range_sigma = "5 km"', *IN_TRAIL),
    "radar.azimuth_sigma": rises(recorded("track_swaps"), 'assume.91n6e.azimuth_sigma = "1 deg"', *ABREAST),
    "radar.elevation_sigma": rises(recorded("track_swaps"), 'assume.91n6e.elevation_sigma = "4 deg"', *STACKED),
    "radar.radial_speed_sigma": rises(
        first_track_s, 'assume.91n6e.radial_speed_sigma = "1000 m/s"', 'assume.91n6e.radial_speed_sigma = "1 m/s"',
        'assume.55k6e.initial_speed_sigma = "10 m/s"',
    ),
    "radar.false_alarms_per_scan": rises(recorded("false_plots"), "assume.91n6e.false_alarms_per_scan = 10"),
    "radar.antenna_height": rises(first_plot_km, 'assume.91n6e.antenna_height = "100 m"', *LOW),
    # the fire unit's radar
    "engagement radar.band": falls(
        first_launch_km, 'assume.92n6e.band = "X"', 'assume.92n6e.band = "L"',
        'assume.92n6e.detection_range = "100 km"', STEALTHY,
    ),
    "engagement radar.frequency": falls(
        first_launch_km, 'assume.92n6e.frequency = "12 GHz"', 'assume.92n6e.frequency = "3 GHz"', RAIN,
        'assume.92n6e.detection_range = "400 km"',
    ),
    "engagement radar.elevation_beamwidth": falls(
        first_launch_km, 'assume.92n6e.elevation_beamwidth = "0.5 deg"', 'assume.92n6e.elevation_beamwidth = "5 deg"',
        SEA, 'assume.92n6e.detection_range = "50 km"', n=4,
    ),
    "engagement radar.detection_range": rises(
        first_launch_km, 'assume.92n6e.detection_range = "150 km"', 'assume.92n6e.detection_range = "50 km"',
    ),
    "engagement radar.reference_p_d": rises(
        first_launch_km, "assume.92n6e.reference_p_d = 0.95", 'assume.92n6e.detection_range = "40 km"', n=4,
    ),
    "engagement radar.reference_p_fa": rises(
        first_launch_km, "assume.92n6e.reference_p_fa = 0.01", 'assume.92n6e.detection_range = "50 km"', n=4,
    ),
    "engagement radar.reference_swerling": falls(
        first_launch_km, "assume.92n6e.reference_swerling = 0", HELD_AT_60_KM, n=4,
    ),
    "engagement radar.pulses_integrated": falls(
        first_launch_km, "assume.92n6e.pulses_integrated = 100", "assume.92n6e.pulses_integrated = 1",
        "assume.92n6e.reference_swerling = 2", FAST_FADING, HELD_AT_60_KM, n=4,
    ),
    "engagement radar.instrumented_range": rises(
        first_launch_km, 'assume.92n6e.instrumented_range = "100 km"', 'assume.92n6e.instrumented_range = "50 km"',
    ),
    "engagement radar.min_range": falls(shots, 'assume.92n6e.min_range = "125 km"'),
    "engagement radar.sector_width": falls(
        killed, 'assume.92n6e.sector_width = "60 deg"', BEHIND, 'assume.55k6e.assessment_time = "1 h"',
    ),
    "engagement radar.elevation_min": falls(first_launch_km, 'assume.92n6e.elevation_min = "5 deg"'),
    "engagement radar.elevation_max": falls(shots, 'assume.92n6e.elevation_max = "2 deg"'),
    "engagement radar.range_sigma": rises(
        recorded("met_nothing"), 'assume.92n6e.range_sigma = "20 km"', SMALL_BASKET, n=4,
    ),
    "engagement radar.azimuth_sigma": rises(
        recorded("met_nothing"), 'assume.92n6e.azimuth_sigma = "10 deg"', SMALL_BASKET, n=4,
    ),
    "engagement radar.elevation_sigma": rises(
        recorded("met_nothing"), 'assume.92n6e.elevation_sigma = "10 deg"', SMALL_BASKET, n=4,
    ),
    "engagement radar.antenna_height": rises(
        first_launch_km, 'assume.92n6e.antenna_height = "100 m"', 'assume.91n6e.antenna_height = "100 m"', *LOW,
    ),
    "engagement radar.target_channels": rises(killed, "assume.92n6e.target_channels = 2", *ONLY_ONE, TWO),
    "engagement radar.missile_channels": falls(
        happened(EV_LAUNCH, 3), "assume.92n6e.missile_channels = 4", "assume.92n6e.missile_channels = 1", NEVER_HIT,
        "doctrine.standard.salvo = 4",
    ),
    "engagement radar.update_period": rises(
        happened(EV_HELD), 'assume.92n6e.update_period = "5 s"', "assume.92n6e.acquisition_hits = 3",
    ),
    "engagement radar.slew_rate": falls(
        first_launch_s, 'assume.92n6e.slew_rate = "60 deg/s"', 'assume.92n6e.slew_rate = "2 deg/s"', *TURNED_AWAY,
    ),
    "engagement radar.acquisition_hits": rises(happened(EV_HELD), "assume.92n6e.acquisition_hits = 5"),
    "engagement radar.acquisition_window": falls(
        recorded("not_held"), 'assume.92n6e.acquisition_window = "60 s"', 'assume.92n6e.acquisition_window = "2 s"',
        'assume.92n6e.detection_range = "50 km"',
    ),
    "engagement radar.drop_misses": falls(
        recorded("not_held"), "assume.92n6e.drop_misses = 10", "assume.92n6e.drop_misses = 1",
        'assume.92n6e.detection_range = "90 km"', n=4,
    ),
    "engagement radar.search_period": rises(
        first_track_s, 'assume.92n6e.search_period = "20 s"', 'assume.92n6e.search_period = "4 s"', ALONE,
    ),
    "engagement radar.false_alarms_per_scan": rises(
        recorded("false_plots"), "assume.92n6e.false_alarms_per_scan = 10", ALONE,
    ),
    "engagement radar.targets_tracked": rises(first_track_s, "assume.92n6e.targets_tracked = 1", ALONE, TWO, NEVER_HIT),
    # launchers
    "launcher.launch_interval": rises(
        happened(EV_LAUNCH, 2), 'assume.5p85.launch_interval = "20 s"', "doctrine.standard.salvo = 2",
    ),
    "launcher.reload_time": rises(
        happened(EV_LAUNCH, 2), 'assume.5p85.reload_time = "200 s"', 'assume.5p85.reload_time = "10 s"',
        "systems.set.reload_sets = 3", *ONE_ROUND,
    ),
    # interceptors
    "interceptor.kill_probability": falls(killed, NEVER_HIT),
    "interceptor.active_distance": falls(
        recorded("unheld_rounds"), 'assume.48n6e3.active_distance = "90 km"', *FAINT, "assume.92n6e.drop_misses = 3",
        n=4,
    ),
    "interceptor.basket_radius": falls(
        recorded("met_nothing"), 'assume.48n6e3.basket_radius = "3 km"', SMALL_BASKET,
        'assume.92n6e.azimuth_sigma = "10 deg"', n=4,
    ),
    "interceptor.burn_time": falls(over_s, 'assume.48n6e3.burn_time = "30 s"', 'assume.48n6e3.burn_time = "5 s"'),
    "interceptor.diameter": rises(over_s, 'assume.48n6e3.diameter = "1 m"', 'assume.48n6e3.diameter = "0.3 m"'),
    "interceptor.drag_coefficient": rises(
        over_s, "assume.48n6e3.drag_coefficient = 1.0", "assume.48n6e3.drag_coefficient = 0.1",
    ),
    "interceptor.launch_mass": falls(
        over_s, 'assume.48n6e3.launch_mass = "4000 kg"', 'assume.48n6e3.launch_mass = "1000 kg"',
    ),
    "interceptor.propellant_fraction": rises(
        over_s, "assume.48n6e3.propellant_fraction = 0.8", "assume.48n6e3.propellant_fraction = 0.3",
    ),
    "interceptor.max_speed": falls(
        over_s, 'assume.48n6e3.max_speed = "2500 m/s"', 'assume.48n6e3.max_speed = "1200 m/s"',
    ),
    "interceptor.max_range": rises(
        first_meeting_km, 'assume.48n6e3.max_range = "100 km"', 'assume.48n6e3.max_range = "50 km"',
    ),
    "interceptor.min_range": falls(shots, 'assume.48n6e3.min_range = "125 km"'),
    "interceptor.max_target_altitude": falls(shots, 'assume.48n6e3.max_target_altitude = "5 km"'),
    "interceptor.min_target_altitude": falls(
        killed, 'assume.48n6e3.min_target_altitude = "8 km"', 'assume.48n6e3.min_target_altitude = "10 m"',
        "assume.kalkan-model.edge_factor = 0", ONE_SALVO,
    ),
    "interceptor.max_target_speed": falls(shots, 'assume.48n6e3.max_target_speed = "200 m/s"'),
    "interceptor.last_resort_against": falls(first_meeting_km, 'assume.48n6e3.last_resort_against = "aircraft"'),
    "interceptor.never_against": falls(shots, 'assume.48n6e3.never_against = "aircraft"'),
    # what a system is made of, where the scenario does not say
    "composition.acquisition_radars": rises(recorded("plots"), 'assume.s-400.acquisition_radars = "91n6e, 96l6e"'),
    "composition.fire_units": rises(
        recorded("orders"), "assume.s-400.fire_units = 2", "assume.s-400.fire_units = 1", *ONLY_ONE, TWO, *AS_IT_COMES,
    ),
    "composition.launchers_per_fire_unit": rises(
        recorded("rounds_left"), "assume.s-400.launchers_per_fire_unit = 12", *AS_IT_COMES,
    ),
    "composition.load": falls(recorded("rounds_left"), 'assume.s-400.load = "1 x 48n6e3"', *AS_IT_COMES),
    # kalkan's own judgements
    "model.salvo": rises(shots, "assume.kalkan-model.salvo = 4"),
    "model.max_salvos": rises(
        shots, "assume.kalkan-model.max_salvos = 5", NEVER_HIT, "assume.kalkan-model.max_salvos = 2",
    ),
    "model.look": falls(shots, 'assume.kalkan-model.look = "no"', NEVER_HIT),
    "model.earliest_share": falls(first_meeting_km, "assume.kalkan-model.earliest_share = 0.25"),
    "model.preferred": rises(rounds_of("48n6e3"), 'assume.kalkan-model.preferred = "longest-reaching"', BOTH),
    "model.assignment": falls(
        launched_at_s("rich 1"), 'assume.kalkan-model.assignment = "highest-value-first"',
        'assume.kalkan-model.assignment = "nearest-first"', *RICH_AND_POOR,
    ),
    "model.reserve": falls(first_meeting_km, "assume.kalkan-model.reserve = 1000"),
    "model.launch_threshold": falls(first_launch_km, "assume.kalkan-model.launch_threshold = 0.95", *FAINT, n=5),
    "model.coordination": rises(shots, 'assume.kalkan-model.coordination = "no"', OTHER),
    "model.crew_delay": rises(first_launch_s, 'assume.kalkan-model.crew_delay = "20 s"'),
    "model.common_cause_share": rises(
        leakers, "assume.kalkan-model.common_cause_share = 1.0", "assume.48n6e3.kill_probability = 0.5",
        "doctrine.standard.salvo = 4", ONE_SALVO, n=8,
    ),
    "model.edge_factor": rises(
        killed, "assume.kalkan-model.edge_factor = 1.0", "assume.kalkan-model.edge_factor = 0",
        'assume.48n6e3.max_target_altitude = "8100 m"', ONE_SALVO,
    ),
    "model.edge_fraction": falls(
        killed, "assume.kalkan-model.edge_fraction = 0.9", "assume.kalkan-model.edge_fraction = 0.01",
        "assume.kalkan-model.edge_factor = 0", 'assume.48n6e3.max_target_altitude = "12 km"', ONE_SALVO, n=8,
    ),
    "model.full_crossing": rises(killed, 'assume.kalkan-model.full_crossing = "180 deg"', *TAIL_CHASE),
    "model.tail_chase_factor": rises(killed, "assume.kalkan-model.tail_chase_factor = 1.0", *TAIL_CHASE),
    "model.full_speed_ratio": falls(killed, "assume.kalkan-model.full_speed_ratio = 100", ONE_SALVO, n=8),
    "model.no_speed_ratio": falls(
        killed, "assume.kalkan-model.no_speed_ratio = 8",
        "assume.kalkan-model.no_speed_ratio = 1\nassume.kalkan-model.full_speed_ratio = 10", ONE_SALVO, n=8,
    ),
    "model.noise_floor_fraction": rises(
        recorded("track_swaps"), "assume.kalkan-model.noise_floor_fraction = 1.0",
        "assume.kalkan-model.noise_floor_fraction = 0.01", *ABREAST, 'assume.91n6e.azimuth_sigma = "1 deg"',
    ),
    "model.slowest_interceptor": falls(first_meeting_km, 'assume.kalkan-model.slowest_interceptor = "1500 m/s"', FAR),
    "model.minor_threat_share": falls(
        launched_at_s("minor 1"), "assume.kalkan-model.minor_threat_share = 1.0",
        "assume.kalkan-model.minor_threat_share = 0.01", *MINOR,
    ),
    "model.urgency_time": falls(
        launched_at_s("rich 1"), 'assume.kalkan-model.urgency_time = "1 h"',
        'assume.kalkan-model.urgency_time = "1 s"', 'doctrine.standard.assignment = "highest-value-first"',
        *RICH_AND_POOR, "assets.rich = { position = [39.0, 33.6], value = 11 }",
    ),
    "model.reserve_time": rises(
        first_meeting_km, 'assume.kalkan-model.reserve_time = "5 min"', "doctrine.standard.reserve = 1000",
    ),
    "model.same_object_distance": falls(
        shots, 'assume.kalkan-model.same_object_distance = "50 km"',
        'assume.kalkan-model.same_object_distance = "0 km"', OTHER,
    ),
    "model.cue_search_distance": falls(
        recorded("not_held"), 'assume.kalkan-model.cue_search_distance = "20 km"',
        'assume.kalkan-model.cue_search_distance = "1 m"', *ZIGZAG,
    ),
    "model.fresh_track_share": falls(
        happened(EV_ORDER), "assume.kalkan-model.fresh_track_share = 1.0",
        "assume.kalkan-model.fresh_track_share = 0.01", 'assume.91n6e.scan_period = "10 s"',
        'assume.55k6e.command_cycle = "7 s"',
    ),
    "model.gone_track_looks": rises(happened(EV_TRACK_END), "assume.kalkan-model.gone_track_looks = 4"),
    "model.fire_unit_distance": rises(
        over_s, 'assume.kalkan-model.fire_unit_distance = "60 km"', 'assume.kalkan-model.fire_unit_distance = "1 km"',
        *AS_IT_COMES,
    ),
    "model.lost_target_memory": falls(
        shots, 'assume.kalkan-model.lost_target_memory = "300 s"', 'assume.kalkan-model.lost_target_memory = "1 s"',
        *BROKEN,
    ),
    "model.slow_target_speed": rises(
        shots, 'assume.kalkan-model.slow_target_speed = "400 m/s"', "doctrine.standard.uav.salvo = 3",
    ),
    "model.low_target_altitude": rises(
        shots, 'assume.kalkan-model.low_target_altitude = "10 km"', "doctrine.standard.cruise-missile.salvo = 3",
    ),
    "model.strike_distance": rises(
        happened(EV_ORDER), 'assume.kalkan-model.strike_distance = "15 km"',
        'assume.kalkan-model.strike_distance = "10 m"', *CRUISE,
        "assets.near = { position = [38.75, 33.1], value = 1 }",
    ),
    "model.confirm_gate": falls(
        first_track_s, "assume.kalkan-model.confirm_gate = 100", "assume.kalkan-model.confirm_gate = 0.2",
        'assume.55k6e.process_noise = "0.01 m/s2"', n=4,
    ),
    "model.usual_speed": falls(
        first_track_s, 'assume.kalkan-model.usual_speed = "1000 m/s"', 'assume.kalkan-model.usual_speed = "100 m/s"',
    ),
    "model.nearer_share": rises(
        recorded("not_held"), "assume.kalkan-model.nearer_share = 1.0", "assume.kalkan-model.nearer_share = 0.5",
        'assume.92n6e.detection_range = "5 km"',
    ),
    "model.believed_climb": rises(
        shots, "assume.kalkan-model.believed_climb = 1000", "assume.kalkan-model.believed_climb = 1", *CLIMBING,
    ),
    "model.lowest_flight": falls(
        happened(EV_ORDER), 'assume.kalkan-model.lowest_flight = "500 m"',
        'assume.kalkan-model.lowest_flight = "1 m"', *LOW, 'systems.set.mast_height.91n6e = "100 m"',
        'assume.91n6e.elevation_sigma = "1 deg"',
    ),
}  # fmt: skip
