"""Noise jamming: what a jammer adds to a radar's noise, and where its target burns through."""

from __future__ import annotations

import math

from kalkan.models import jamming, radar
from kalkan.physics.arguments import number


def jam_to_noise_db(
    effective_power_w: float, bandwidth_hz: float, distance_m: float, *, gain_db: float, frequency_hz: float,
    noise_figure_db: float = 5.0,
) -> float:  # fmt: skip
    """Jamming over noise in a radar's receiver, both as densities.

    Parameters
    ----------
    effective_power_w, bandwidth_hz : float
        Power times gain of the jammer [W], and over what it is spread [Hz].
    distance_m : float
        From the radar [m].
    gain_db : float
        Of the radar's antenna towards the jammer [dB]: of the main lobe, or of a side lobe.
    frequency_hz, noise_figure_db : float
        Of the radar [Hz], [dB].

    Returns
    -------
    float
        [dB]

    Raises
    ------
    ValueError
        A power, bandwidth, distance or frequency is not above 0.

    References
    ----------
    D. L. Adamy, EW 101 (2001), ISBN 978-1-58053-169-6, chapter 9.

    Examples
    --------
    2 kW over 100 MHz at 100 km, into a main lobe of 38 dB and into side lobes 40 dB below it.

    >>> from kalkan import physics
    >>> radar = {"frequency_hz": 3e9, "noise_figure_db": 5.0}
    >>> [round(physics.jam_to_noise_db(2e3, 100e6, 100e3, gain_db=g, **radar), 1) for g in (38.0, -2.0)]
    [48.0, 8.0]
    """
    power = number("effective_power_w", effective_power_w, "W", 0.0, above=True)
    bandwidth = number("bandwidth_hz", bandwidth_hz, "Hz", 0.0, above=True)
    distance = number("distance_m", distance_m, "m", 0.0, above=True)
    wavelength_m = radar.LIGHT_M_S / number("frequency_hz", frequency_hz, "Hz", 0.0, above=True)
    gain = 10.0 ** (number("gain_db", gain_db, "dB") / 10.0)
    at_1m = jamming.jam_to_noise_at_1m(
        power, bandwidth, gain, wavelength_m, number("noise_figure_db", noise_figure_db, "dB")
    )
    return 10.0 * math.log10(at_1m / distance**2)


def burn_through_range_m(
    required_snr_db: float, known_snr_db: float, known_range_m: float, jam_to_noise_db: float, *,
    self_screening: bool = False,
) -> float:  # fmt: skip
    """Range within which a radar sees a target in spite of noise jamming.

    Parameters
    ----------
    required_snr_db : float
        Signal over noise and jamming that detection needs [dB].
    known_snr_db, known_range_m : float
        The target's signal over the radar's own noise [dB] at some range [m]; at others it goes as R⁻⁴.
    jam_to_noise_db : float
        Jamming over noise [dB] (:func:`jam_to_noise_db`): from where the jammer stands or, if the target carries it, at
        `known_range_m`, from where it goes as R⁻².
    self_screening : bool
        Whether the target carries the jammer.

    Returns
    -------
    float
        [m]

    Raises
    ------
    ValueError
        The range is not above 0.

    References
    ----------
    B. R. Mahafza, Radar Systems Analysis and Design Using MATLAB, 3rd ed. (2013), ISBN 978-1-4398-8495-9, section 1.8.

    Examples
    --------
    Seen at 390 km; 40 dB of jamming through the main lobe leave 39 km, 8 dB through side lobes 237 km.

    >>> from kalkan import physics
    >>> [round(physics.burn_through_range_m(13.0, 13.0, 390e3, jam) / 1e3) for jam in (40.0, 8.0)]
    [39, 237]
    """
    away = number("known_range_m", known_range_m, "m", 0.0, above=True)
    signal = 10.0 ** (number("known_snr_db", known_snr_db, "dB") / 10.0) * away**4
    jam = 10.0 ** (number("jam_to_noise_db", jam_to_noise_db, "dB") / 10.0)
    required = 10.0 ** (number("required_snr_db", required_snr_db, "dB") / 10.0)
    if self_screening:
        return jamming.self_screening_range_m(signal, 1.0, jam * away**2, required)
    return jamming.stand_off_range_m(signal, 1.0, jam, required)
