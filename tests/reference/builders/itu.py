"""ITU-R: gaseous attenuation (P.676) and rain (P.838), as the program itur 0.4.0 computes them."""

from __future__ import annotations

from tests.reference.builders import Builder, Case


def _value(quantity: object) -> float:
    return float(getattr(quantity, "value", quantity))


def gamma(c: Case) -> Case:
    """Specific attenuation of oxygen, of water vapour and of both, line by line."""
    from itur.models import itu676

    given = c["f_ghz"], c["p_hpa"], c["rho_gm3"], c["t_k"]
    oxygen, water = (_value(f(*given)) for f in (itu676.gamma0_exact, itu676.gammaw_exact))
    return {"gamma_o_db_km": oxygen, "gamma_w_db_km": water, "gamma_db_km": oxygen + water}


def slant(c: Case) -> Case:
    """Through the whole atmosphere at an elevation, once and there and back."""
    from itur.models import itu676

    once = _value(itu676.gaseous_attenuation_slant_path(
        c["f_ghz"], c["elevation_deg"], c["rho_gm3"], c["p_hpa"], c["t_k"], mode="exact"))  # fmt: skip
    return {"one_way_db": once, "two_way_db": 2.0 * once}


def rain(c: Case) -> Case:
    """Coefficients k and alpha, and the specific attenuation of a rain rate."""
    from itur.models import itu838

    k, alpha = itu838.rain_specific_attenuation_coefficients(c["f_ghz"], c["elevation_deg"], c["tau_deg"])
    k, alpha = _value(k), _value(alpha)
    return {"k": k, "alpha": alpha, "gamma_db_km": k * c["rain_mm_h"] ** alpha}


BUILDERS = {
    "itu_p676_gamma": Builder(gamma, rel=1e-6, needs=("itur",)),
    "itu_p676_slant": Builder(slant, rel=1e-6, needs=("itur",)),
    "itu_p838_rain": Builder(rain, rel=1e-6, needs=("itur",)),
}
