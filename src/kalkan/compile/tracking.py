"""Filter and rule of initiation that a scenario chooses → how its posts track."""

from __future__ import annotations

import numpy as np

from kalkan.arrays import Struct
from kalkan.compile.inputs import MODEL, Inputs
from kalkan.kernels.manner import MANNER
from kalkan.scenario.nouns.study import Study
from kalkan.tracking import configuring

_MOTION = ("calm_noise_share", "turn_rate_sigma", "turn_rate_density", "straight_time", "turn_time")
_SCORE = ("score_detection", "false_track_chance", "lost_track_chance")


def compile_manner(study: Study, post: str, pictures: Struct, initial_speed_m_s: float, inputs: Inputs) -> Struct:
    """How filter and rule work, the same for all posts; zeros with the usual ones.

    Parameters
    ----------
    study : Study
    post : str
        Entry of the first post, whose claims of process noise and of M and N count (kalkan's own simplification).
    pictures : structured array
        The plan's.
    initial_speed_m_s : float
        1-sigma of a new track's velocity components [m/s].
    inputs : Inputs
    """
    if study.is_usual_tracker:
        return np.zeros(1, MANNER)
    wanted = (*(_MOTION if study.track_filter == "imm" else ()), *(_SCORE if study.initiation == "score" else ()))
    figures = {quantity: inputs.number(MODEL, quantity) for quantity in wanted}
    m = n = 0
    if study.initiation == "logic":
        m, n = inputs.whole(post, "track_confirm_m"), inputs.whole(post, "track_confirm_n")
    noise_m_s2 = float(pictures["process_noise_m_s2"][0])
    config = configuring.of_a_post(study.track_filter, study.initiation, noise_m_s2, initial_speed_m_s, m, n, figures)
    return configuring.manner(config)
