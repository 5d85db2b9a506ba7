"""The public physics of kalkan as plain functions of arrays.

Every function has its unit in its name, refuses what is out of its range in words, names its source, and computes with
the code that the loop computes with. Nothing of the loop is compiled for it. ``docs/physics.md`` lists them.
"""

from __future__ import annotations

from kalkan.models.flyout import FlyoutTable
from kalkan.models.propagation import CLEAR, Air
from kalkan.physics.atmosphere import air_density_kg_m3, air_pressure_pa, air_temperature_k, sound_speed_m_s
from kalkan.physics.detection import (
    albersheim_snr_db,
    chance_of_hold,
    chance_within,
    m_of_n,
    m_of_n_by_scan,
    marcum_q,
    probability_of_detection,
    required_snr_db,
    shnidman_snr_db,
)
from kalkan.physics.identity import posterior
from kalkan.physics.interception import fly_out, flyout_table, kill_probability, salvo_kill_probability
from kalkan.physics.jamming import burn_through_range_m, jam_to_noise_db
from kalkan.physics.propagation import (
    air_attenuation_db_km,
    apparent_elevation_rad,
    effective_radius_m,
    excess_loss_db,
    horizon_range_m,
    lobing_factor,
    path_loss_db,
    rain_attenuation_db_km,
    ray_height_m,
)
from kalkan.physics.radar import (
    measurement_sigma,
    radar_equation_snr_db,
    range_for_snr_m,
    rcs_at_aspect_m2,
    snr_db,
)

__all__ = [
    "CLEAR",
    "Air",
    "FlyoutTable",
    "air_attenuation_db_km",
    "air_density_kg_m3",
    "air_pressure_pa",
    "air_temperature_k",
    "albersheim_snr_db",
    "apparent_elevation_rad",
    "burn_through_range_m",
    "chance_of_hold",
    "chance_within",
    "effective_radius_m",
    "excess_loss_db",
    "fly_out",
    "flyout_table",
    "horizon_range_m",
    "jam_to_noise_db",
    "kill_probability",
    "lobing_factor",
    "m_of_n",
    "m_of_n_by_scan",
    "marcum_q",
    "measurement_sigma",
    "path_loss_db",
    "posterior",
    "probability_of_detection",
    "radar_equation_snr_db",
    "rain_attenuation_db_km",
    "range_for_snr_m",
    "ray_height_m",
    "rcs_at_aspect_m2",
    "required_snr_db",
    "salvo_kill_probability",
    "shnidman_snr_db",
    "snr_db",
    "sound_speed_m_s",
]
