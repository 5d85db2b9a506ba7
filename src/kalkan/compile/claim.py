"""The range claim of a radar, from which all that is known of its sensitivity follows."""

from __future__ import annotations

import functools
from typing import NamedTuple

from kalkan.compile.inputs import Inputs
from kalkan.kept import kept_on_disk
from kalkan.models.detection import required_snr_db
from kalkan.models.radar import claim_constant_db


@functools.lru_cache(maxsize=256)
@kept_on_disk
def _required_snr_db(p_d: float, p_fa: float, n_pulses: int, swerling: int) -> float:
    """A search, asked again for every plan."""
    return required_snr_db(p_d, p_fa, n_pulses, swerling)


class RangeClaim(NamedTuple):
    """"Sees so many m² at so many km", and what that is taken to mean.

    Attributes
    ----------
    range_m, rcs_m2 : float
        Slant range [m] and cross-section [m²].
    p_d, p_fa : float
        Probability of detection there, and of false alarm [1].
    n_pulses, swerling : int
        Pulses integrated, and the target's fluctuation.
    """

    range_m: float
    rcs_m2: float
    p_d: float
    p_fa: float
    n_pulses: int
    swerling: int

    @property
    def snr_db(self) -> float:
        """SNR [dB] of one pulse that the claim implies at its own range and cross-section."""
        return self.needed_snr_db(self.p_d, self.swerling)

    @property
    def snr_1m_db(self) -> float:
        """SNR [dB] of 1 m² at 1 m: the radar's part of the radar equation."""
        return claim_constant_db(self.snr_db, self.range_m, self.rcs_m2)

    def needed_snr_db(self, p_d: float, swerling: int) -> float:
        """SNR [dB] of one pulse at which a target of some fluctuation is detected with a probability."""
        return _required_snr_db(p_d, self.p_fa, self.n_pulses, swerling)


def range_claim(radar: str, inputs: Inputs) -> RangeClaim:
    """The claim that is used of a radar (an entry of the catalogue)."""
    claim = inputs.resolved(radar, "detection_range")
    return RangeClaim(
        float(claim.value),
        float(claim.conditions["rcs_m2"]),
        inputs.number(radar, "reference_p_d"),
        inputs.number(radar, "reference_p_fa"),
        inputs.whole(radar, "pulses_integrated"),
        inputs.whole(radar, "reference_swerling"),
    )
