"""Air and earth: the standard atmosphere, bodies that fall through it, and geodetic positions."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.reference.builders import Builder, Case

G, GAS, EARTH_M = 9.80665, 287.05287, 6356766.0  # the last of the US Standard Atmosphere 1976, the gas constant ICAO's
MILLIMETRE = 1e-3  # smaller heights count as none, as in pymap3d, with which the file was compared
SPHERE_M, MU = 6371e3, 3.986004418e14  # a mean radius; of WGS-84 [m3/s2]
ENTRY_M = 100e3  # height at which ballistic entries begin
BASES = ((0, 288.15, -6.5e-3), (11e3, 216.65, 0.0), (20e3, 216.65, 1e-3), (32e3, 228.65, 2.8e-3),
         (47e3, 270.65, 0.0), (51e3, 270.65, -2.8e-3), (71e3, 214.65, -2e-3), (84852.0, 186.946, 0.0))  # fmt: skip


def atmosphere(c: Case) -> Case:
    """Temperature linear between the bases, pressure by the hydrostatic equation; boundary values are published."""
    if c["kind"].startswith("published"):
        return {}
    z = c["geometric_altitude_m"]
    h, p = EARTH_M * z / (EARTH_M + z), 101325.0
    for (base, t, lapse), (top, _, _) in itertools.pairwise(BASES):
        up = min(h, top) - base
        here = t + lapse * up
        p *= math.exp(-G / GAS * up / t) if lapse == 0.0 else (t / here) ** (G / GAS / lapse)
        if h <= top:
            break
    return {"T_k": here, "p_pa": p, "rho_kgm3": p / (GAS * here), "sound_m_s": math.sqrt(1.4 * GAS * here)}


def falling(c: Case) -> Case:
    """A drop in air of one density; Allen and Eggers' ballistic entry."""
    beta = c["beta_kg_m2"]
    if c["kind"].startswith("vertical"):
        vt, t = math.sqrt(2.0 * G * beta / c["rho"]), c["t_s"]
        drop = vt * vt / G * math.log(math.cosh(G * t / vt))
        return {"vt_m_s": vt, "v_m_s": vt * math.tanh(G * t / vt), "drop_m": drop}
    v0, rho0, scale = c["v_entry_m_s"], c["rho0"], c["scale_height_m"]
    sine = math.sin(math.radians(c["gamma_deg"]))
    share = rho0 * scale / (beta * sine)
    found = {"v_ground_m_s": v0 * math.exp(-share / 2.0 * (1.0 - math.exp(-ENTRY_M / scale)))}
    if share > 1.0:  # else it is fastest slowed down at the ground
        found |= {
            "peak_decel_m_s2": v0 * v0 * sine / (2.0 * math.e * scale), "h_peak_decel_m": scale * math.log(share),
            "v_at_peak_m_s": v0 * math.exp(-0.5),
        }  # fmt: skip
    return found


def kepler(c: Case) -> Case:
    """The ellipse of least energy between two points of a sphere, and Kepler's equation; beside it a flat earth."""
    r, psi = SPHERE_M, c["range_m"] / SPHERE_M
    half = math.sin(psi / 2.0)
    pull, gamma = 2.0 * half / (1.0 + half), (math.pi - psi) / 4.0  # v² R / mu, elevation
    axis = r / (2.0 - pull)
    e = math.sqrt(1.0 - pull * (2.0 - pull) * math.cos(gamma) ** 2)
    up = math.acos((1.0 - r / axis) / e)  # eccentric anomaly where it leaves
    flat = math.sqrt(c["range_m"] * G)
    return {
        "v0_m_s": math.sqrt(pull * MU / r), "gamma_deg": math.degrees(gamma), "apogee_m": axis * (1.0 + e) - r,
        "tof_s": 2.0 * math.sqrt(axis**3 / MU) * (math.pi - up + e * math.sin(up)),
        "flat_earth_apogee_m": c["range_m"] / 4.0, "flat_earth_v0": flat,
    }  # fmt: skip


def ecef(c: Case) -> Case:
    """PROJ's own conversion."""
    x, y, z = _to_ecef(c["lat_deg"], c["lon_deg"], c["h_m"])
    return {"x_m": x, "y_m": y, "z_m": z}


def _to_ecef(lat_deg: float, lon_deg: float, h_m: float) -> tuple[float, float, float]:
    from pyproj import Transformer

    change = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    x, y, z = change.transform(lon_deg, lat_deg, h_m)
    return float(x), float(y), float(z)


def east_north_up(c: Case) -> Case:
    """PROJ's positions turned into the observer's frame; the way along the ellipsoid by its geodesics."""
    from pyproj import Geod

    (lat1, lon1, _), (lat2, lon2, _) = c["observer_lat_lon_h"], c["target_lat_lon_h"]
    away = np.subtract(_to_ecef(*c["target_lat_lon_h"]), _to_ecef(*c["observer_lat_lon_h"]))
    lat, lon = math.radians(lat1), math.radians(lon1)
    sa, ca, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    e, n, u = (float(np.dot(row, away)) for row in ((-so, co, 0), (-sa * co, -sa * so, ca), (ca * co, ca * so, sa)))
    azimuth, _, along = Geod(ellps="WGS84").inv(lon1, lat1, lon2, lat2)
    return {
        "e_m": e, "n_m": n, "u_m": u, "azimuth_deg": round(math.degrees(math.atan2(e, n)), 11) % 360.0,
        "elevation_deg": math.degrees(math.atan2(u, math.hypot(e, n))) if abs(u) >= MILLIMETRE else 0.0,
        "slant_range_m": float(np.linalg.norm(away)), "geodesic_m": along, "geodesic_azimuth_deg": azimuth % 360.0,
    }  # fmt: skip


BUILDERS = {
    "atmosphere": Builder(atmosphere, rel=1e-6, recorded=("T_k", "p_pa", "rho_kgm3")),
    "ballistic_vacuum_spherical": Builder(kepler, rel=1e-9),
    "drag_closed_form": Builder(falling),
    "geodesy_ecef": Builder(ecef, abs=1e-6, needs=("pyproj",)),
    "geodesy_enu_aer": Builder(east_north_up, rel=1e-9, abs=1e-6, needs=("pyproj",)),
}
