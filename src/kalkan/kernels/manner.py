"""How the posts filter and begin tracks where a scenario does not leave it at the usual: ``tracking.tables.MANNER``.

Declared here with where each number comes from; of zeros, and never read, with the usual filter and M of N.
"""

from __future__ import annotations

from kalkan.kernels.fields import Field, record, switched
from kalkan.tracking.tables import N_MODES

_OTHER, _IMM, _RULE = "study.track_filter or initiation", "study.track_filter = imm", "study.initiation"
_NOISE = switched(f"{_OTHER}: process_noise, calm_noise_share")
_SCORE = f"{_RULE} = score"
MANNER_FIELDS = (
    Field("polar", "i8", "", "1: plots in range and angles; 0: as positions", switched("study.track_filter")),
    Field("speed_up_sigma_m_s", "f8", "m/s", "1-sigma of a new track's vertical velocity",
          switched(f"{_OTHER}: initial_speed_sigma")),
    Field("n_modes", "i8", "1", "motions that are mixed", switched("study.track_filter")),
    Field("mode", "i8", "", "kind of each motion: straight or turning", switched("study.track_filter"), N_MODES),
    Field("noise_m_s2", "f8", "m/s2", "1-sigma horizontal acceleration from plot to plot", _NOISE, N_MODES),
    Field("noise_up_m_s2", "f8", "m/s2", "and vertical", _NOISE, N_MODES),
    Field("density_m2_s3", "f8", "m2/s3", "spectral density of white horizontal acceleration; 0 in the loop",
          switched(_OTHER), N_MODES),
    Field("density_up_m2_s3", "f8", "m2/s3", "and vertical; 0 in the loop", switched(_OTHER), N_MODES),
    Field("turn_sigma_rad_s", "f8", "rad/s", "1-sigma turn rate of what begins to turn",
          switched(f"{_IMM}: turn_rate_sigma")),
    Field("turn_density_rad2_s3", "f8", "rad2/s3", "spectral density of white turn acceleration",
          switched(f"{_IMM}: turn_rate_density")),
    Field("switch", "f8", "1/s", "rates of going over, row to column", switched(f"{_IMM}: straight_time, turn_time"),
          (N_MODES, N_MODES)),
    Field("scored", "i8", "", "1: tracks are confirmed by their score", switched(_RULE)),
    Field("log_p_d", "f8", "1", "logarithm of the chance that a look finds an object",
          switched(f"{_SCORE}: score_detection")),
    Field("log_p_miss", "f8", "1", "and that it does not", switched(f"{_SCORE}: score_detection")),
    Field("confirm_score", "f8", "1", "log-likelihood ratio that confirms",
          switched(f"{_SCORE}: false_track_chance, lost_track_chance")),
    Field("drop_score", "f8", "1", "and that ends a tentative track",
          switched(f"{_SCORE}: false_track_chance, lost_track_chance")),
    Field("confirm_hits", "i8", "1", "plots after the second ...", switched(f"{_RULE} = logic: track_confirm_m")),
    Field("confirm_looks", "i8", "1", "... in so many looks", switched(f"{_RULE} = logic: track_confirm_n")),
)  # fmt: skip
MANNER = record(MANNER_FIELDS)
