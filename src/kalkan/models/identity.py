"""Identity of a track: Bayes' rule over hostile, friendly and neutral.

What a post knows of a track is a list of kinds of evidence, each with one outcome: the newest. P(side) is proportional
to the prior times the likelihood of every outcome under that side; a kind counts once, however often it was looked at.
Repeated interrogations share what makes them fail together: a friend whose set is broken or holds the wrong code never
replies, so that silence converges to a likelihood and not to certainty (`p_silent`). Kinds that see the same
behaviour are not independent; their log-likelihoods count with a weight below 1 (a log-linear pool; Genest & Zidek,
Combining probability distributions, Statistical Science 1(1), 1986, doi:10.1214/ss/1177013825).

Combining by Bayes' rule is what NATO's STANAG 4162 standardises (M. Krüger & J. Ziegler, User-oriented Bayesian
identification and its configuration, 11th Int. Conf. on Information Fusion, 2008); which evidence there is and what it
weighs is kalkan's own.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8, I8
from kalkan.jit import kernel

N_SIDES = 3  # hostile, friendly, neutral, as in ``schema.SIDES``
UNTOLD = 0  # outcome of a kind of evidence that says nothing
LEAST = 1e-6  # no likelihood is less: nothing is certain


@kernel
def p_silent(asked: int, p_reply: float, p_broken: float) -> float:
    """Probability that who should reply has not, after so many interrogations.

    Parameters
    ----------
    asked : int
        Interrogations [1].
    p_reply : float
        That a sound set replies to one [1].
    p_broken : float
        That it is broken for good, or has the wrong code [1]: what all interrogations share.

    Returns
    -------
    float
        p_broken + (1 - p_broken) (1 - p_reply)^asked.
    """
    return p_broken + (1.0 - p_broken) * (1.0 - p_reply) ** asked


@kernel
def identify(log_prior: F8, log_likelihood: F8, outcomes: I8, p: F8) -> None:
    """Write P(hostile), P(friendly), P(neutral) of a track into `p`.

    Parameters
    ----------
    log_prior : float64 (3,)
        Logarithm of what is believed before any evidence.
    log_likelihood : float64 (n_kind, n_outcome, 3)
        Of each outcome of each kind of evidence, under each side.
    outcomes : int64 (n_kind,)
        Outcome of each kind; `UNTOLD`: it says nothing, and its row is zero.
    p : float64 (3,)
        Takes the probabilities; they sum to 1.
    """
    most = -math.inf
    for side in range(N_SIDES):
        total = log_prior[side]
        for kind in range(outcomes.size):
            total += log_likelihood[kind, outcomes[kind], side]
        p[side] = total
        most = max(most, total)
    whole = 0.0
    for side in range(N_SIDES):
        p[side] = math.exp(p[side] - most)
        whole += p[side]
    for side in range(N_SIDES):
        p[side] /= whole


@kernel
def weighed_most(log_likelihood: F8, outcomes: I8, towards: int, against: int) -> int:
    """The kind of evidence that spoke most for one side against another; -1 if none did.

    Parameters
    ----------
    log_likelihood, outcomes
        As for :func:`identify`.
    towards, against : int
        Sides; the weight of a kind is the difference of its log-likelihoods.
    """
    best, most = -1, 0.0
    for kind in range(outcomes.size):
        row = log_likelihood[kind, outcomes[kind]]
        if row[towards] - row[against] > most:
            best, most = kind, row[towards] - row[against]
    return best
