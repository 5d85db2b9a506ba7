"""Lobing over a smooth sea: the direct ray and the one reflected by the water interfere.

The field at the target, over the one in free space, is the pattern factor

    F = |1 + rho_s D Gamma exp(-2 pi i delta / lambda)|

with the path difference delta on the sphere of effective radius k·R, the divergence D of that sphere, Fresnel's
reflection Gamma of sea water and the coherent part rho_s that waves leave. The beam points at the target and
sees the reflected ray, which comes from below, with less gain, by a Gaussian beam: at elevations of more than
a beamwidth nothing is left of the lobes. A radar's SNR carries F⁴. Where the
path difference is below a sixth of a wavelength, near the horizon, rays no longer describe the field; there F
is at most what the interpolation of ITU-R P.526 towards diffraction gives.

kalkan's own simplifications: no side lobes; the target is one point (real ones blur the nulls); lobing shifts no
measured elevation; the polarisation is not public, so 45° is taken, the mean of horizontal and vertical; diffuse
reflection is left out; the water is at 15 °C and 35 g/kg.

Sources: D. E. Kerr (ed.), Propagation of Short Radio Waves (1951), sections 2.13 and 5.2 (geometry,
divergence); W. Fishback's closed form of the reflection point, ibid. p. 113; L. A. Klein and C. T. Swift, IEEE
Trans. AP-25 (1977) 104, doi:10.1109/TAP.1977.1141539 (permittivity, to 10 GHz); A. R. Miller, R. M. Brown and E. Vegh,
IEE Proc. H 131 (1984) 114, doi:10.1049/ip-h-1.1984.0022 (roughness); Recommendation ITU-R P.526-15, 3.1 and 3.2.
"""

from __future__ import annotations

import cmath
import math

from kalkan.earth.refraction import apparent_tan
from kalkan.jit import kernel

LIGHT_M_S = 299792458.0
VACUUM_F_M = 8.8541878128e-12
SEA_CELSIUS, SEA_SALINITY = 15.0, 35.0
DEEPEST = 1e-3  # pattern factors below this one count as this one [1]
LEAST_HEIGHT_M = 0.1  # lower targets count as this high
WAVE_SIGMA_SHARE = 0.25  # of the significant wave height, which is four standard deviations
BEAM_EDGE = 2.5  # beamwidths from the target beyond which a ray is not seen: 0.02 % of the field


def sea_conductivity_s_m(celsius: float = SEA_CELSIUS, salinity: float = SEA_SALINITY) -> float:
    """Ionic conductivity [S/m] of sea water at a temperature [°C] and salinity [g/kg] (Klein and Swift)."""
    s, below = salinity, 25.0 - celsius
    at_25 = s * (0.182521 - 1.46192e-3 * s + 2.09324e-5 * s**2 - 1.28205e-7 * s**3)
    beta = 2.033e-2 + 1.266e-4 * below + 2.464e-6 * below**2
    beta -= s * (1.849e-5 - 2.551e-7 * below + 2.551e-8 * below**2)
    return at_25 * math.exp(-below * beta)


def sea_permittivity(
    frequency_hz: float, celsius: float = SEA_CELSIUS, salinity: float = SEA_SALINITY
) -> complex:
    """Relative permittivity of sea water (negative imaginary part: loss), Klein and Swift's Debye form.

    Parameters
    ----------
    frequency_hz : float
        Made for 1 to 10 GHz.
    celsius, salinity : float
        Temperature 0 to 40 °C and salinity 0 to 40 g/kg.
    """
    t, s = celsius, salinity
    static = 87.134 - 1.949e-1 * t - 1.276e-2 * t**2 + 2.491e-4 * t**3
    static *= 1.0 + 1.613e-5 * s * t - 3.656e-3 * s + 3.210e-5 * s**2 - 4.232e-7 * s**3
    relaxation = 1.768e-11 - 6.086e-13 * t + 1.104e-14 * t**2 - 8.111e-17 * t**3
    relaxation *= 1.0 + 2.282e-5 * s * t - 7.638e-4 * s - 7.760e-6 * s**2 + 1.105e-8 * s**3
    omega = 2.0 * math.pi * frequency_hz
    ions = 1j * sea_conductivity_s_m(celsius, salinity) / (omega * VACUUM_F_M)
    return 4.9 + (static - 4.9) / (1.0 + 1j * omega * relaxation) - ions


@kernel
def fresnel(permittivity: complex, sin_grazing: float) -> tuple[complex, complex]:
    """Reflection coefficients for horizontal and vertical polarisation at a sine of the grazing angle."""
    root = cmath.sqrt(permittivity - (1.0 - sin_grazing * sin_grazing))
    horizontal = (sin_grazing - root) / (sin_grazing + root)
    vertical = (permittivity * sin_grazing - root) / (permittivity * sin_grazing + root)
    return horizontal, vertical


@kernel
def coherent_share(wave_sigma_m: float, wavelength_m: float, sin_grazing: float) -> float:
    """Share [1] of the amplitude that a rough sea reflects coherently: exp(-z) I0(z), z = 8 (pi g)².

    Parameters
    ----------
    wave_sigma_m : float
        Standard deviation of the surface [m]; a quarter of the significant wave height.
    wavelength_m, sin_grazing : float
        Wavelength [m]; sine of the grazing angle. g is their ratio to the roughness, sigma·sin/lambda.
    """
    g = wave_sigma_m * sin_grazing / wavelength_m
    return _scaled_i0(8.0 * (math.pi * g) ** 2)


@kernel
def _scaled_i0(z: float) -> float:
    """exp(-z) I0(z) for z >= 0, to 3e-7 (Abramowitz and Stegun 9.8.1 and 9.8.2)."""
    if z < 3.75:
        t = (z / 3.75) ** 2
        series = t * (1.2067492 + t * (0.2659732 + t * (0.0360768 + t * 0.0045813)))
        return math.exp(-z) * (1.0 + t * (3.5156229 + t * (3.0899424 + series)))
    t = 3.75 / z
    tail = t * (-0.02057706 + t * (0.02635537 + t * (-0.01647633 + t * 0.00392377)))
    head = 0.00225319 + t * (-0.00157565 + t * (0.00916281 + tail))
    return (0.39894228 + t * (0.01328592 + t * head)) / math.sqrt(z)


@kernel
def _rise(way_m: float, height_m: float, radius_m: float) -> float:
    """Tangent of the elevation at which a point of the surface sees a height at a ground range."""
    half = math.sin(0.5 * way_m / radius_m)
    return (height_m - 2.0 * (radius_m + height_m) * half * half) / (
        (radius_m + height_m) * math.sin(way_m / radius_m)
    )


@kernel
def _rise_slope(way_m: float, height_m: float, radius_m: float) -> float:
    """Derivative of `_rise` [1/m], near enough for Newton's method."""
    return -height_m / (way_m * way_m) - 0.5 / radius_m


@kernel
def reflection(h1_m: float, h2_m: float, ground_m: float, radius_m: float) -> tuple[float, float, float]:
    """Where the reflected ray touches the sea.

    Parameters
    ----------
    h1_m, h2_m : float
        Heights of antenna and target above the sea [m], > 0.
    ground_m : float
        Ground range between them [m], > 0, within the horizon.
    radius_m : float
        Effective earth radius [m].

    Returns
    -------
    near_m, sin_grazing, difference_m
        Ground range from the antenna to the point [m], sine of the grazing angle [1] (not positive: beyond
        the horizon, the rest is then void), and the path difference [m].
    """
    p = 2.0 / math.sqrt(3.0) * math.sqrt(radius_m * (h1_m + h2_m) + 0.25 * ground_m * ground_m)
    sine = 2.0 * radius_m * ground_m * (h2_m - h1_m) / p**3
    near = 0.5 * ground_m - p * math.sin(math.asin(min(max(sine, -1.0), 1.0)) / 3.0)
    for _ in range(2):
        error = _rise(near, h1_m, radius_m) - _rise(ground_m - near, h2_m, radius_m)
        slope = _rise_slope(near, h1_m, radius_m) + _rise_slope(ground_m - near, h2_m, radius_m)
        near = min(max(near - error / slope, 1e-6 * ground_m), (1.0 - 1e-6) * ground_m)
    tangent = _rise(near, h1_m, radius_m)
    sin_grazing = tangent / math.sqrt(1.0 + tangent * tangent)
    r1, r2 = _chord(near, 0.0, h1_m, radius_m), _chord(ground_m - near, 0.0, h2_m, radius_m)
    direct = _chord(ground_m, h1_m, h2_m, radius_m)
    return near, sin_grazing, 4.0 * r1 * r2 * sin_grazing * sin_grazing / (r1 + r2 + direct)


@kernel
def _chord(way_m: float, h1_m: float, h2_m: float, radius_m: float) -> float:
    """Straight distance [m] between two heights a ground range apart."""
    half = math.sin(0.5 * way_m / radius_m)
    return math.sqrt((h1_m - h2_m) ** 2 + 4.0 * (radius_m + h1_m) * (radius_m + h2_m) * half * half)


@kernel
def divergence(near_m: float, ground_m: float, sin_grazing: float, radius_m: float) -> float:
    """Divergence factor D [1] of reflection by a sphere, small grazing angles (Kerr, equation 5.2-14)."""
    if sin_grazing <= 0.0:
        return 0.0
    spread = 2.0 * near_m * (ground_m - near_m) / (radius_m * ground_m * sin_grazing)
    return 1.0 / math.sqrt(1.0 + spread)


@kernel
def beam_share(ray_angle_rad: float, beamwidth_rad: float) -> float:
    """Field [1] that a Gaussian beam keeps of a ray off its axis; `beamwidth_rad` is that of half power."""
    off = ray_angle_rad / beamwidth_rad
    return math.exp(-2.0 * math.log(2.0) * off * off) if off < BEAM_EDGE else 0.0


@kernel
def ray_angle_rad(near_m: float, h1_m: float, h2_m: float, ground_m: float, radius_m: float) -> float:
    """Angle [rad] at the antenna between the direct and the reflected ray (its tangent)."""
    up, down = apparent_tan(ground_m, h2_m, h1_m, radius_m), apparent_tan(near_m, 0.0, h1_m, radius_m)
    return (up - down) / (1.0 + up * down)


@kernel
def interference(share: complex, difference_m: float, wavelength_m: float) -> float:
    """Pattern factor F [1] of a direct ray and one of a complex share, longer by a path difference [m]."""
    return abs(1.0 + share * cmath.exp(-2j * math.pi * difference_m / wavelength_m))


@kernel
def pattern_factor(
    h1_m: float, h2_m: float, ground_m: float, radius_m: float, wavelength_m: float, permittivity: complex,
    wave_sigma_m: float, beamwidth_rad: float,
) -> float:  # fmt: skip
    """One-way pattern factor F [1] over the sea.

    Parameters
    ----------
    h1_m, h2_m, ground_m, radius_m : float
        As in :func:`reflection`.
    wavelength_m : float
        [m].
    permittivity : complex
        Of the water, see :func:`sea_permittivity`.
    wave_sigma_m : float
        Standard deviation of the surface [m].
    beamwidth_rad : float
        Half-power width of the antenna's beam in elevation [rad].

    Returns
    -------
    float
        0.001 to 2.
    """
    h2 = max(h2_m, LEAST_HEIGHT_M)
    near, sine, difference = reflection(h1_m, h2, ground_m, radius_m)
    return factor_of(
        near, sine, difference, h1_m, h2, ground_m, radius_m, wavelength_m, permittivity, wave_sigma_m,
        beamwidth_rad,
    )  # fmt: skip


@kernel
def factor_of(
    near: float, sine: float, difference: float, h1_m: float, h2: float, ground_m: float, radius_m: float,
    wavelength_m: float, permittivity: complex, wave_sigma_m: float, beamwidth_rad: float,
) -> float:  # fmt: skip
    """The rest of :func:`pattern_factor`, for those who have its :func:`reflection` already."""
    if sine <= 0.0:
        return max(horizon_factor(h1_m, h2, ground_m, radius_m, wavelength_m), DEEPEST)
    beam = beam_share(ray_angle_rad(near, h1_m, h2, ground_m, radius_m), beamwidth_rad)
    if beam == 0.0:
        return 1.0
    horizontal, vertical = fresnel(permittivity, sine)
    amplitude = beam * divergence(near, ground_m, sine, radius_m) * coherent_share(wave_sigma_m, wavelength_m, sine)
    factor = interference(0.5 * amplitude * (horizontal + vertical), difference, wavelength_m)
    if difference < wavelength_m / 6.0:
        factor = min(factor, horizon_factor(h1_m, h2, ground_m, radius_m, wavelength_m))
    return max(factor, DEEPEST)


@kernel
def horizon_factor(h1_m: float, h2_m: float, ground_m: float, radius_m: float, wavelength_m: float) -> float:
    """Pattern factor [1] of diffraction over a smooth sphere, at most 1 (P.526, 3.2).

    Within the horizon the loss grows from nothing, where the ray clears the bulge by 0.552 of the first
    Fresnel zone, to the diffraction loss at the horizon; beyond it the first term of the residue series
    rules. Made for antennas more than some wavelengths above the sea.
    """
    horizon = math.sqrt(2.0 * radius_m) * (math.sqrt(h1_m) + math.sqrt(h2_m))
    if ground_m >= horizon:
        return min(10.0 ** (-_diffraction_db(h1_m, h2_m, ground_m, radius_m, wavelength_m) / 20.0), 1.0)
    near, _, _ = reflection(h1_m, h2_m, ground_m, radius_m)
    far = ground_m - near
    clear = (h1_m - near * near / (2.0 * radius_m)) * far + (h2_m - far * far / (2.0 * radius_m)) * near
    wanted = 0.552 * math.sqrt(near * far * wavelength_m / ground_m)
    if clear >= wanted * ground_m:
        return 1.0
    grazing_m = 0.5 * (ground_m / (math.sqrt(h1_m) + math.sqrt(h2_m))) ** 2
    at_horizon = max(_diffraction_db(h1_m, h2_m, ground_m, grazing_m, wavelength_m), 0.0)
    return 10.0 ** (-(1.0 - clear / ground_m / wanted) * at_horizon / 20.0)


@kernel
def _diffraction_db(h1_m: float, h2_m: float, ground_m: float, radius_m: float, wavelength_m: float) -> float:
    """Loss [dB] over free space of the first residue term (P.526, equations 13 to 18, beta = 1)."""
    scale = (math.pi / (wavelength_m * radius_m * radius_m)) ** (1.0 / 3.0)
    x = ground_m * scale
    y = 2.0 * (math.pi * math.pi / (wavelength_m * wavelength_m * radius_m)) ** (1.0 / 3.0)
    near, far = -20.0 * math.log10(x) - 5.6488 * x**1.425, 11.0 + 10.0 * math.log10(x) - 17.6 * x
    along = far if x >= 1.6 else near
    return -(along + _height_gain_db(y * h1_m) + _height_gain_db(y * h2_m))


@kernel
def _height_gain_db(y: float) -> float:
    """Height gain [dB] of a normalised height (P.526, equation 18)."""
    if y > 2.0:
        return 17.6 * math.sqrt(y - 1.1) - 5.0 * math.log10(y - 1.1) - 8.0
    return 20.0 * math.log10(y + 0.1 * y * y * y)
