"""Radar cross-section by aspect.

The claims give nose, beam and tail values in dB above one square metre. Between them kalkan
interpolates in decibels with the weights cos² and sin² of the aspect angle: exact and
level at nose, beam and tail, monotone in between. kalkan's own simplification: real
cross-sections scintillate by tens of decibels within a degree (that is left to the Swerling
class), and dependence on elevation is taken through the same angle.
"""

from __future__ import annotations

from kalkan.jit import kernel


@kernel
def aspect_rcs_dbsm(nose_dbsm: float, beam_dbsm: float, tail_dbsm: float, cos_aspect: float) -> float:
    """Cross-section [dB above 1 m²] seen at an aspect.

    Parameters
    ----------
    nose_dbsm, beam_dbsm, tail_dbsm : float
        Cross-section from ahead, from the side and from behind [dB above 1 m²].
    cos_aspect : float
        Cosine of the angle between the target's heading and the direction from the target to the
        radar: 1 nose, 0 beam, -1 tail. Rounding beyond ±1 is tolerated.
    """
    weight = min(cos_aspect * cos_aspect, 1.0)
    end = nose_dbsm if cos_aspect >= 0.0 else tail_dbsm
    return beam_dbsm + (end - beam_dbsm) * weight
