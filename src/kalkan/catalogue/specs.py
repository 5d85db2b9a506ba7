"""Every quantity that may be claimed, once: its dimension, and in a sentence what the number means.

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
        ``"high"`` or ``"low"``: the direction that makes the thing described more capable; ``"neither"``.
    whole : bool
        Whether it counts something.
    decades : bool
        Whether it is uncertain by a factor although no area, such as a probability of false alarm.
    """

    dimension: str
    sentence: str
    by: tuple[str, ...] = ()
    better: str = "high"
    whole: bool = False
    decades: bool = False

    @property
    def by_factor(self) -> bool:
        """Whether it is uncertain by a factor: its range is even in the logarithm, its middle geometric."""
        return self.decades or self.dimension == "area"


SPECS: Mapping[str, Spec] = {
    # radar
    "band": Spec(TEXT, "frequency band, IEEE letter"),
    "frequency": Spec("frequency", "carrier frequency; matters for absorption, rain and lobing"),
    "elevation_beamwidth": Spec("angle", "half-power width of its beam in elevation; matters for lobing", better="low"),
    "detection_range": Spec("length", "range at which the reference target is detected with p_d and p_fa"),
    "reference_p_d": Spec("fraction", "detection probability per look meant by the detection range"),
    "reference_p_fa": Spec("fraction", "false-alarm probability per cell meant by it", better="low", decades=True),
    "reference_swerling": Spec("number", "Swerling case of the reference target", better="neither", whole=True),
    "pulses_integrated": Spec("number", "pulses integrated per look", better="neither", whole=True),
    "instrumented_range": Spec("length", "longest range that the radar displays"),
    "min_range": Spec("length", "shortest range at which it works", better="low"),
    "scan_period": Spec("time", "time between two looks at the same direction", better="low"),
    "sector_width": Spec("angle", "azimuth width covered without turning the antenna"),
    "elevation_min": Spec("angle", "lowest elevation covered", better="low"),
    "elevation_max": Spec("angle", "highest elevation covered"),
    "range_sigma": Spec("length", "1-sigma range error at the reference signal", better="low"),
    "radial_speed_sigma": Spec(
        "speed", "1-sigma range-rate error at the reference signal; without a claim it measures none", better="low"
    ),
    "azimuth_sigma": Spec("angle", "1-sigma azimuth error at the reference signal", better="low"),
    "elevation_sigma": Spec("angle", "1-sigma elevation error at the reference signal", better="low"),
    "false_alarms_per_scan": Spec("number", "mean number of false plots per scan", better="low", decades=True),
    "targets_tracked": Spec("number", "targets held in track at once", whole=True),
    "antenna_height": Spec("length", "antenna centre above ground; on a vehicle unless a mast is asked for"),
    "azimuth_beamwidth": Spec("angle", "half-power width of its beam in azimuth; matters for jamming", better="low"),
    "noise_figure": Spec("ratio_db", "noise figure, losses on reception included; matters for jamming", better="low"),
    "sidelobe_level": Spec("ratio_db", "mean side lobes below the peak, after what cancels jamming; matters for it"),
    "range_resolution": Spec("length", "what is nearer in range is one plot; matters for resolution", better="low"),
    "radial_speed_resolution": Spec(
        "speed", "what differs less in range rate is one plot; without a claim: not told apart by it", better="low"
    ),
    "notch_speed": Spec("speed", "range rate at which its moving-target filter halves the signal", better="low"),
    "pulse_repetition_frequency": Spec(
        "frequency", "pulses a second, unstaggered; below 100 Hz: staggered, no blind speeds", better="neither"
    ),
    "clutter_attenuation": Spec("ratio_db", "by what its moving-target filter weakens land and sea"),
    # engagement radar
    "target_channels": Spec("number", "targets engaged at once by one fire unit", whole=True),
    "missile_channels": Spec("number", "interceptors supported at once by one fire unit", whole=True),
    "update_period": Spec("time", "time between two looks at a target being engaged", better="low"),
    "slew_rate": Spec("angular rate", "rate at which the antenna turns to a new sector"),
    "acquisition_hits": Spec("number", "detections needed to hold a cued target", better="low", whole=True),
    "acquisition_window": Spec("time", "time within which those detections must fall"),
    "drop_misses": Spec("number", "missed looks in a row after which a held target is lost", whole=True),
    "search_period": Spec("time", "time to search its own sector without cueing", better="low"),
    # command post
    "reaction_time": Spec("time", "from a confirmed track to the first launch", better="low"),
    "command_cycle": Spec("time", "time between two rounds of target allotment", better="low"),
    "fire_units_controlled": Spec("number", "fire units under one command post", whole=True),
    "assessment_time": Spec("time", "from intercept to knowing its outcome", better="low"),
    "assessment_error": Spec("fraction", "chance that the outcome is judged wrongly", better="low"),
    "track_confirm_m": Spec("number", "plots needed to confirm a track", better="low", whole=True),
    "track_confirm_n": Spec("number", "scans within which they must fall", better="low", whole=True),
    "track_drop_misses": Spec(
        "number", "missed scans in a row after which a track is dropped", better="neither", whole=True
    ),
    "process_noise": Spec("acceleration", "1-sigma target acceleration allowed for by the tracker", better="neither"),
    "association_gate": Spec(
        "number", "squared Mahalanobis distance within which a plot may belong to a track", better="neither"
    ),
    "initial_speed_sigma": Spec("speed", "1-sigma of a new track's velocity, per axis", better="neither"),
    "threatened_radius": Spec("length", "a track that will pass an asset this near threatens it", better="neither"),
    "hold_patience": Spec("time", "an engagement without a possible shot is given up after", better="neither"),
    "retry_delay": Spec("time", "a target given up is not tried again by the same fire unit for", better="low"),
    # launcher
    "tubes": Spec("number", "large tube positions per launcher", whole=True),
    "launch_interval": Spec("time", "time between two launches of one fire unit", better="low"),
    "reload_time": Spec("time", "time to reload one launcher", better="low"),
    # interceptor
    "max_range": Spec("length", "longest intercept range against aircraft"),
    "max_range_ballistic": Spec("length", "longest intercept range against ballistic missiles"),
    "max_target_altitude": Spec("length", "highest aerodynamic target"),
    "min_target_altitude": Spec("length", "lowest target", better="low"),
    "max_target_speed": Spec("speed", "fastest target"),
    "max_speed": Spec("speed", "its own highest speed"),
    "mean_speed": Spec("speed", "mean speed over its flight"),
    "launch_mass": Spec("mass", "mass at launch", better="neither"),
    "diameter": Spec("length", "body diameter", better="low"),
    "burn_time": Spec("time", "time under thrust", better="neither"),
    "propellant_fraction": Spec("fraction", "propellant mass over launch mass"),
    "drag_coefficient": Spec("number", "mean supersonic drag coefficient on body area", better="low"),
    "kill_probability": Spec("fraction", "single-shot kill probability", by=("against",)),
    "basket_radius": Spec("length", "radius around the track within which it meets an object"),
    "active_distance": Spec("length", "this near its target it needs the engagement radar no more; 0: to the end"),
    "last_resort_against": Spec(TEXT, "target classes, comma-separated, that it is spent on only at the last moment"),
    "never_against": Spec(TEXT, "target classes, comma-separated, that it is never spent on; without a claim: none"),
    "missiles_per_tube": Spec("number", "missiles that one large tube position carries", whole=True),
    # air vehicle
    "target_class": Spec(TEXT, "class that kill probabilities are claimed for"),
    "rcs": Spec("area", "radar cross-section", by=("band", "aspect"), better="low"),
    "swerling": Spec("number", "Swerling case of its fluctuation", better="neither", whole=True),
    "cruise_speed": Spec("speed", "speed when the raid gives none"),
    "max_load_factor": Spec("acceleration", "hardest turn"),
    "steepest_descent": Spec("angle", "steepest descent when a raid reacts; without a claim it does not react"),
    "hit_probability": Spec("fraction", "chance that a leaker hits its aim"),
    "length": Spec("length", "length", better="neither"),
    "wingspan": Spec("length", "wing span", better="neither"),
    "homes_on_emitters": Spec(TEXT, "whether it homes on what transmits: yes or no; without a claim it does not"),
    "emitter_memory": Spec("time", "it flies at a radar that fell silent this lately as at one that transmits"),
    "silent_hit_share": Spec("fraction", "share of its hit probability against a radar that fell silent before"),
    "unit_cost": Spec("money", "cost of one", better="low"),
    # system
    "command_post": Spec(TEXT, "catalogue id of the command post"),
    "acquisition_radars": Spec(TEXT, "catalogue ids of the acquisition radars, comma-separated"),
    "engagement_radar": Spec(TEXT, "catalogue id of the engagement radar of each fire unit"),
    "launcher": Spec(TEXT, "catalogue id of the launcher"),
    "fire_units": Spec("number", "fire units in one set", whole=True),
    "launchers_per_fire_unit": Spec("number", "launchers in one fire unit", whole=True),
    "load": Spec(TEXT, "what one launcher carries, such as 3 x 48n6e3 + 4 x 9m96e2"),
    "interceptors": Spec(TEXT, "catalogue ids of the interceptors that its launchers take, comma-separated"),
    "engagement_range": Spec("length", "headline range against aircraft; kalkan computes it instead"),
    "low_target_range": Spec("length", "range against low cruise missiles; kalkan computes it instead"),
    "deploy_time": Spec("time", "from march to combat-ready", better="low"),
    "standby_time": Spec("time", "from standby to ready", better="low"),
    "missile_ready_time": Spec("time", "to ready the missiles for launch", better="low"),
    # kalkan's own model
    "minor_threat_share": Spec(
        "fraction", "worth of a track that threatens nothing, of the least asset", better="neither"
    ),
    "fresh_track_share": Spec(
        "fraction", "share of the coasting time within which a track is ordered", better="neither"
    ),
    "gone_track_looks": Spec(
        "number", "turns without a plot after which the track of what was judged gone ends", better="neither"
    ),
    "calm_noise_share": Spec(
        "fraction", "noise of what flies straight on, of the post's (filter of several motions)", better="neither"
    ),
    "turn_rate_sigma": Spec("angular rate", "1-sigma turn rate of what begins to turn", better="neither"),
    "turn_rate_density": Spec(
        "number", "spectral density of white turn acceleration in a turn [deg2/s3]", better="neither", decades=True
    ),
    "straight_time": Spec("time", "mean time that an object flies straight on before it turns", better="neither"),
    "turn_time": Spec("time", "mean time that a turn lasts", better="neither"),
    "score_detection": Spec("fraction", "chance that a look finds an object, as the score of a track counts it"),
    "false_track_chance": Spec(
        "fraction", "chance to confirm false plots that the score aims at", better="low", decades=True
    ),
    "lost_track_chance": Spec(
        "fraction", "chance to drop an object's tentative track that the score aims at", better="low", decades=True
    ),
    "urgency_time": Spec("time", "a target this much further away in time weighs half", better="neither"),
    "same_object_distance": Spec(
        "length", "two posts' tracks this near, beyond their error, are one", better="neither"
    ),
    "cue_search_distance": Spec("length", "the engagement radar searches this far beyond the cue's error"),
    "reserve_time": Spec(
        "time", "last resorts are used on what reaches an asset, or hides, so soon after the meeting", better="neither"
    ),
    "full_speed_ratio": Spec("number", "interceptor over target speed from which the claim holds", better="low"),
    "no_speed_ratio": Spec("number", "interceptor over target speed below which nothing is hit", better="low"),
    "full_crossing": Spec("angle", "angle from head-on up to which the claim holds"),
    "tail_chase_factor": Spec("fraction", "what is left of the claim in a tail chase"),
    "edge_factor": Spec("fraction", "what is left of the claim at the edge of the envelope"),
    "edge_fraction": Spec("fraction", "share of the envelope that is its edge", better="low"),
    "noise_floor_fraction": Spec("fraction", "least error of a strong signal, of the reference error", better="low"),
    "slowest_interceptor": Spec("speed", "an interceptor slower than this reaches nothing more", better="low"),
    "coordination": Spec(TEXT, "whether posts tell each other what they engage: yes or no"),
    "crew_load": Spec("time", "what a crew takes longer for each engagement that its unit runs already", better="low"),
    "fire_unit_distance": Spec("length", "fire units stand this far from their post", better="neither"),
    "lost_target_memory": Spec(
        "time", "rounds at a lost target count for a track that may continue it", better="neither"
    ),
    "slow_target_speed": Spec("speed", "a slower track is taken for a drone", better="neither"),
    "fast_target_speed": Spec(
        "speed", "a faster track that is not low is taken for an anti-radiation missile, where a doctrine asks for it",
        better="neither",
    ),
    "low_target_altitude": Spec("length", "a faster track below it is taken for a cruise missile", better="neither"),
    "strike_distance": Spec("length", "a low track that will pass an asset this near ends there", better="neither"),
    "confirm_gate": Spec(
        "number", "squared Mahalanobis distance within which a confirming plot must fall", better="neither"
    ),
    "usual_speed": Spec("speed", "a faster track needs one plot more to be confirmed", better="neither"),
    "nearer_share": Spec(
        "fraction", "share of the range at which a target was not found, at which it is tried again", better="neither"
    ),
    "believed_climb": Spec("number", "sigmas from which on a track's climb is extrapolated", better="neither"),
    "lowest_flight": Spec("length", "what is seen flies at least this far above what hides it", better="neither"),
    "common_cause_share": Spec("fraction", "share of a round's failures that its whole salvo shares", better="low"),
    "crew_delay": Spec("time", "what the crew adds to the claimed reaction time", better="low"),
    "land_gamma": Spec(
        "number", "cross-section of land per area over the sine of the grazing angle, at 10 GHz", better="neither",
        decades=True,
    ),
    "clutter_spikiness": Spec(
        "number", "shape of the Weibull distribution of clutter's power; 1: as noise, less: spikier", better="neither"
    ),
    "strobe_threshold": Spec("ratio_db", "jamming over noise that tells a jammer's direction", better="low"),
    "launch_threshold": Spec(
        "fraction", "least predicted chance that a round meets its target for it to be launched", better="neither"
    ),
    "post_put_out": Spec("fraction", "chance that a hit on its place puts a command post out", better="low"),
    "radar_put_out": Spec("fraction", "chance that a hit on its place puts a radar out", better="low"),
    "launcher_put_out": Spec("fraction", "chance that a hit on its unit's place puts a launcher out", better="low"),
    "beyond_repair": Spec("fraction", "share of the parts put out by hits that stay out", better="low"),
    "repair_time": Spec("time", "mean time to repair a part that a hit put out", better="low"),
    "decoy_attraction": Spec("fraction", "radars that one decoy emitter draws anti-radiation missiles as much as"),
    "takeover_time": Spec(
        "time", "a fire unit takes so long to come under another leader, or to fight alone", better="low"
    ),
    "salvo": Spec("number", "interceptors per salvo", by=("against",), better="neither", whole=True),
    "max_salvos": Spec("number", "salvos per target", by=("against",), better="neither", whole=True),
    "look": Spec(TEXT, "whether the outcome of a salvo is awaited before another is launched: yes or no"),
    "earliest_share": Spec(
        "fraction",
        "share of the longest range of a fire unit's missiles beyond which none is launched; 1: no limit",
        by=("against",), better="neither",
    ),
    "preferred": Spec(TEXT, "which missile goes first where several reach: the shortest- or the longest-reaching"),
    "assignment": Spec(TEXT, "how threats are assigned to fire units in each command cycle"),
    "reserve": Spec("number", "rounds per fire unit kept for what is near an asset", better="neither", whole=True),
    # identity of a track
    "prior_share": Spec("fraction", "share of a side among new tracks, before any evidence", ("side",), "neither"),
    "iff_reply": Spec("fraction", "chance that a friend's sound set replies to one interrogation"),
    "iff_broken": Spec("fraction", "share of friends whose set does not reply on a whole flight", better="low"),
    "iff_imitation": Spec("fraction", "chance that who is no friend replies validly", better="low"),
    "transponder_on": Spec("fraction", "share of a side that replies in civil modes", ("side",), "neither"),
    "plan_known": Spec("fraction", "share of a side that is found under a flight plan", ("side",), "neither"),
    "plan_correlation": Spec("fraction", "chance that a filed flight is found under its plan"),
    "profile_slow": Spec("fraction", "share of a side that is slower than kalkan-model.slow_target_speed", ("side",),
                         "neither"),
    "profile_low": Spec("fraction", "share that is faster and below kalkan-model.low_target_altitude", ("side",),
                        "neither"),
    "profile_cruise": Spec("fraction", "share that is above cruise_altitude and subsonic", ("side",), "neither"),
    "profile_fast": Spec("fraction", "share that is faster than kalkan-model.usual_speed", ("side",), "neither"),
    "cruise_altitude": Spec("length", "airliners cruise above it", better="neither"),
    "airway_share": Spec("fraction", "share of a side that flies along an airway", ("side",), "neither"),
    "airway_course": Spec("angle", "who flies along an airway keeps its course within", better="neither"),
    "airway_width": Spec("length", "width of an airway of civil traffic", better="neither"),
    "route_share": Spec("fraction", "share of a side that is in a minimum-risk route", ("side",), "neither"),
    "restricted_share": Spec("fraction", "share of a side that is in a restricted zone", ("side",), "neither"),
    "origin_match": Spec("fraction", "chance that a track of a side begins in that side's zone of origin"),
    "origin_mismatch": Spec("fraction", "and in another side's", better="low"),
    "emitter_heard": Spec("fraction", "share of a side from which a hostile emitter is heard", ("side",), "neither"),
    "evidence_weight": Spec("fraction", "weight of evidence from behaviour, whose kinds are not independent",
                            better="neither"),
    "interrogation_period": Spec("time", "time between two looks at a track's identity", better="low"),
    "identity_memory": Spec("time", "a reply identifies its track for", better="neither"),
    "required_confidence": Spec("fraction", "probability that the rules of engagement ask for", better="neither"),
    "weapons_control": Spec(TEXT, "weapons control where a scenario's rules say none: hold, tight or free"),
    "self_defence": Spec(TEXT, "whether weapons hold leaves a post its self-defence: yes or no"),
    "self_defence_distance": Spec(
        "length", "what is known as hostile, so near to a fire unit and flying at it, attacks it", better="neither"
    ),
    # external sources: the link and the tracker behind it
    "link_latency": Spec("time", "from the time of a report to its arrival at the post", better="low"),
    "link_update_period": Spec("time", "time between two reports of one track", better="low"),
    "link_availability": Spec("fraction", "share of the time in which the link is up"),
    "link_outage": Spec("time", "the link is up or down for so long at a time", better="neither"),
    "report_sigma": Spec("length", "1-sigma of what the link adds to a position, per axis", better="low"),
    "registration_bias": Spec("length", "1-sigma of its grid against the post's, east and north", better="low"),
    "wrong_correlation": Spec("fraction", "chance that a track is taken for another's, or a new one", better="low"),
    "remote_track_age": Spec("time", "a track that only others hold is shot at if told of so lately", better="neither"),
    "engage_on_remote": Spec(
        TEXT, "whether it can engage on a track that only others hold: yes or no; without a claim it cannot"
    ),
    # signature exposure: what is better for those who watch
    "sorties_per_day": Spec("number", "flights of one type of aircraft from one base in a day"),
    "radiating_share": Spec("fraction", "share of the flying time in which radars transmit"),
    "calibration_error": Spec("fraction", "1-sigma error of a radar's scale of cross-sections", better="low"),
    "background_error": Spec("fraction", "1-sigma error of the level of noise and clutter under a look", better="low"),
    "reflector_diameter": Spec("length", "diameter of a lens that raises the cross-section", better="low"),
    "reflector_error": Spec("fraction", "1-sigma error of what is believed of reflectors", better="low"),
    # context: what the engine does not use, and people ask for
    "low_speed": Spec("speed", "cruise speed near the ground"),
    "range": Spec("length", "how far it flies"),
    "combat_radius": Spec("length", "how far out it works and returns"),
    "endurance": Spec("time", "how long it stays in the air"),
    "ceiling": Spec("length", "highest flight"),
    "operating_altitude": Spec("length", "usual height of flight", better="neither"),
    "ballistic_coefficient": Spec("areal density", "mass over drag area after burn-out"),
    "boost_time": Spec("time", "time under thrust", better="neither"),
    "lofted_apogee_ratio": Spec("number", "apogee of a lofted flight over that of least energy", better="neither"),
    "depressed_apogee_ratio": Spec("number", "apogee of a depressed flight over that of least energy",
                                   better="neither"),
    "ballistic_energy_height": Spec(
        "length", "a track of more height and speed squared over 2 g is taken for a ballistic missile", better="neither"
    ),
    "ballistic_no_speed_ratio": Spec("number", "no_speed_ratio against ballistic missiles", better="neither"),
    "ballistic_full_speed_ratio": Spec("number", "full_speed_ratio against ballistic missiles", better="neither"),
    "assumed_ballistic_coefficient": Spec(
        "areal density", "with which a post predicts where a ballistic missile comes down", better="neither"
    ),
    "assumed_decoy_coefficient": Spec(
        "areal density", "the heaviest decoy or debris that a post looks for", better="neither"
    ),
    "decoy_prior": Spec("fraction", "P(decoy or debris) of what falls, before any evidence", better="neither"),
    "decoy_confidence": Spec("fraction", "P(decoy or debris) from which on it is taken for one", better="neither"),
    "steep_fall": Spec("angle", "nothing that flies descends at more, but what falls by itself", better="neither"),
    "coefficient_spread": Spec(
        "number", "ballistic coefficient of the heaviest of several over that of the lightest", better="neither"
    ),
    "separation_speed": Spec("speed", "with which it leaves the missile, across the flight", better="neither"),
    "debris_pieces": Spec("number", "pieces of its body that are seen once it has broken up", whole=True),
    "breakup_altitude": Spec("length", "where its body breaks up on the way down", better="neither"),
    "decoys_per_missile": Spec("number", "decoys that one missile carries", whole=True),
    "launch_detection": Spec("fraction", "chance that a launch is seen and told"),
    "warning_delay": Spec("time", "from a launch to the warning at the posts", better="low"),
    "launch_point_error": Spec("length", "1-sigma of the launch point that is told, east and north", better="low"),
    "impact_point_error": Spec("length", "1-sigma of the impact that is told, east and north", better="low"),
    "apogee": Spec("length", "highest point of the flight", better="neither"),
    "surveillance_range": Spec("length", "headline range of a radar whose target is not stated"),
    "low_target_detection_range": Spec("length", "range against low-flying targets"),
    "medium_target_detection_range": Spec("length", "range against targets at medium altitude"),
    "fighter_detection_range": Spec("length", "range against a fighter"),
    "number_held": Spec("number", "how many are held", whole=True),
    "flights_per_day": Spec("number", "departures and arrivals a day", better="neither"),
    "airspace_area": Spec("area", "area of the airspace", better="neither"),
    "related": Spec(TEXT, "catalogue ids of relatives that are not in the default set"),
    "missiles_per_launcher": Spec("number", "interceptors on one launcher", whole=True),
    "data_link_range": Spec("length", "range of its data link"),
    "surveillance_area": Spec("area", "area that it watches"),
    "max_altitude_ballistic": Spec("length", "highest intercept of ballistic missiles"),
    "min_altitude_ballistic": Spec("length", "lowest intercept of ballistic missiles", better="low"),
    "speed_near_target": Spec("speed", "speed when it comes down"),
    "circular_error": Spec("length", "radius that half of the impacts fall into", better="low"),
    "dud_rate": Spec("fraction", "share that fails without being shot at", better="low"),
    "spent_in_one_night": Spec("number", "interceptors fired in one night", better="neither", whole=True),
    "made_per_year": Spec("number", "interceptors made in a year", whole=True),
    "missiles_held": Spec("number", "interceptors that an owner holds", whole=True),
    "missiles_per_fire_unit": Spec("number", "interceptors of one fire unit, ready or stored", whole=True),
    "long_range_launchers": Spec("number", "launchers for the longest-ranged interceptor", whole=True),
    "height": Spec("length", "height on the ground", better="neither"),
    "time_between_failures": Spec("time", "headline mean time between failures of a system; upkeep goes by its parts"),
    "service_life": Spec("time", "how long interceptors may be stored"),
    "reflectors": Spec(TEXT, "whether it flies with reflectors that raise its cross-section"),
    "in_service": Spec(TEXT, "year in which it entered service"),
    "trial_target_altitude": Spec("length", "height of a target hit in a trial"),
    "trial_target_speed": Spec("speed", "speed of a target hit in a trial"),
    "trial_target_range": Spec("length", "distance of a target hit in a trial"),
    "launcher_price": Spec("money", "price of one launcher vehicle", better="low"),
    "price_to_patriot": Spec("fraction", "its price over that of Patriot", better="low"),
    "fire_units_exported": Spec("number", "fire units in one export contract", better="neither", whole=True),
    "launchers_lost": Spec("number", "launchers lost", better="low", whole=True),
    "value_lost": Spec("money", "value of what was lost", better="low"),
    "engagement_radars_offered": Spec("number", "engagement radars in an offer", better="neither", whole=True),
    "control_stations_offered": Spec("number", "control stations in an offer", better="neither", whole=True),
    "launchers_offered": Spec("number", "launchers in an offer", better="neither", whole=True),
    "masts_offered": Spec("number", "antenna masts in an offer", better="neither", whole=True),
    "missiles_offered": Spec("number", "interceptors in an offer", by=("interceptor",), better="neither", whole=True),
    # batches
    "delivery_time": Spec("time", "from a contract to the delivery, where no delivery is dated", better="low"),
    "crew_training": Spec("time", "length of the crews' training", better="low"),
    "work_up": Spec("time", "from equipment and trained crews on site to readiness", better="low"),
    # upkeep
    "mean_time_between_failures": Spec("time", "from back in action to the next failure, on average", by=("part",)),
    "mean_time_to_repair": Spec("time", "repair on site, once all that it needs is there", ("part",), "low"),
    "failure_shape": Spec("number", "shape of Weibull's distribution of times to failure; above 1 parts age",
                          better="neither"),
    "repair_spread": Spec("number", "standard deviation of the logarithm of a lognormal repair time", better="low"),
    "needs_spare": Spec("fraction", "share of failures that need a component from stock", ("part",), "low"),
    "component_families": Spec("number", "kinds of components of a part, each failing as often", better="neither",
                               whole=True),
    "spares": Spec("number", "spares of each family of components that a system has in stock", ("part",), whole=True),
    "foreign_lead_time": Spec("time", "from ordering a component abroad to its arrival", better="low"),
    "local_lead_time": Spec("time", "from ordering a component at home to its arrival", better="low"),
    "local_share": Spec("fraction", "share of the families of components that local production makes"),
    "maintenance_interval": Spec("time", "from one preventive maintenance of a part to the next", better="neither"),
    "maintenance_time": Spec("time", "time for which a part is down for it", better="low"),
    "in_service_time": Spec("time", "time since all parts were in order and all spares in stock", better="low"),
    # stock
    "restock_time": Spec("time", "between raids, from a system's store to a launcher or its reload sets", better="low"),
    "convoy_time": Spec("time", "mean time of a convoy from a depot to a system; back it takes as long", better="low"),
    "convoy_time_spread": Spec("fraction", "1-sigma of the logarithm of that time", better="neither"),
    "convoy_loss": Spec("fraction", "chance that a convoy is lost with its missiles", better="low"),
    "convoy_rounds": Spec("number", "missiles that a convoy carries at most", whole=True),
    "convoys": Spec("number", "convoys of one depot", whole=True),
    # the deal
    "course_length": Spec("time", "length of the operators' training", better="neither"),
    "f35_parts": Spec("number", "parts of the F-35 made in Turkiye", better="neither", whole=True),
    "f35_commitments": Spec("money", "Turkish industrial commitments in the F-35", better="neither"),
    "earlier_selection": Spec(TEXT, "what was selected before"),
    "second_batch_status": Spec(TEXT, "whether a second batch is bought"),
    "contract_date": Spec(TEXT, "date of the first contract"),
    "technology_transfer": Spec(TEXT, "whether technology is transferred with the first batch"),
    "localisation": Spec(TEXT, "whether components of a second batch are made in Turkiye"),
    "return_status": Spec(TEXT, "whether the S-400 goes back"),
    "nato_integration": Spec(TEXT, "whether it is tied to NATO's systems"),
    "live_firing": Spec(TEXT, "first live firing"),
    "sanctions": Spec(TEXT, "sanctions"),
    "allied_aircraft_data": Spec(TEXT, "whether it gathers data about allied aircraft"),
    "f35_expulsion": Spec(TEXT, "exclusion from the F-35 programme"),
    "active": Spec(TEXT, "whether it was ever active"),
    "operational_date": Spec(TEXT, "when it was to be operational"),
    "first_delivery": Spec(TEXT, "delivery of the first battery"),
    "second_delivery": Spec(TEXT, "delivery of the second battery"),
    "missile_types_held": Spec(TEXT, "interceptors that Turkiye holds"),
    "systems_contracted": Spec("number", "systems (regiment sets) in the first contract", whole=True),
    "batteries_contracted": Spec("number", "batteries in the first contract", whole=True),
    "batteries_delivered": Spec("number", "batteries delivered", whole=True),
    "systems_held": Spec("number", "systems held", whole=True),
    "fire_units_delivered": Spec("number", "fire units (battalions) delivered", whole=True),
    "contract_price": Spec("money", "price of the first contract", better="neither"),
    "loan_share": Spec("fraction", "share that a Russian loan finances", better="neither"),
    "missiles_delivered": Spec("number", "interceptors delivered with the first contract", whole=True),
    "launchers_ordered": Spec("number", "launchers in the first contract", whole=True),
    "ready_missiles": Spec("number", "interceptors on the launchers of a fire unit", by=("interceptor",), whole=True),
    "storage_life_used": Spec("fraction", "share of the interceptors' storage life that is over", better="low"),
    "f35_order": Spec("number", "F-35A that Turkiye ordered", better="neither", whole=True),
    "f35_payments": Spec("money", "what Turkiye paid into the F-35 programme", better="neither"),
    "f35_workshare_lost": Spec("money", "Turkish workshare in the F-35 that was lost", better="neither"),
    "f35_supply_chain_cost": Spec("money", "cost to move the F-35's supply chain", better="neither"),
    "trainees": Spec("number", "operators trained in Russia", better="neither", whole=True),
    "crew": Spec("number", "soldiers of one fire unit", better="neither", whole=True),
    "interception_rate": Spec("fraction", "share of attackers shot down, covered or not; never an input"),
    "price": Spec("money", "price of one fire unit (battalion)", better="low"),
}


def parse_load(text: str) -> dict[str, int]:
    """Missiles by type of a load such as ``"3 x 48n6e3 + 4 x 9m96e2"``.

    Raises
    ------
    ValueError
        It is not of this form.
    """
    found: dict[str, int] = {}
    for part in text.split("+"):
        count, _, missile = (p.strip() for p in part.partition(" x "))
        if not (count.isdigit() and int(count) > 0 and missile) or missile in found:
            raise ValueError('a load is written as "3 x 48n6e3 + 4 x 9m96e2", each interceptor once')
        found[missile] = int(count)
    return found
