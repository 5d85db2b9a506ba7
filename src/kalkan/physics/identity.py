"""Who is who: Bayes' rule over what is seen of an object."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from kalkan.models import identity
from kalkan.physics.arguments import Floats, numbers


def posterior(prior: ArrayLike, *likelihoods: ArrayLike, weights: Sequence[float] = ()) -> Floats:
    """P(hostile), P(friendly), P(neutral) from a prior and one row of likelihoods for each kind of evidence.

    Parameters
    ----------
    prior : array_like (3,)
        Shares [1], of any sum above 0.
    likelihoods : array_like (3,), any number of them
        P(what was seen | side) [1], one row for each kind.
    weights : sequence of float
        Exponent of each row in (0, 1]; default 1.

    Returns
    -------
    float64 (3,)
        [1]

    Raises
    ------
    ValueError
        A share is negative, a likelihood is no probability, or there are not as many weights as rows.

    References
    ----------
    C. Genest & J. V. Zidek, Combining probability distributions, Statistical Science 1(1), 1986,
    doi:10.1214/ss/1177013825 (weights).

    Examples
    --------
    Nine in ten friends reply to an interrogation, one in a hundred others; this one did not.

    >>> from kalkan import physics
    >>> physics.posterior([1, 1, 0], [0.99, 0.1, 0.99]).round(3).tolist()
    [0.908, 0.092, 0.0]
    """
    shares = numbers("prior", prior, "1", 0.0)
    seen = [numbers(f"likelihoods[{k}]", row, "1", 0.0, 1.0) for k, row in enumerate(likelihoods)]
    powers = numbers("weights", weights if len(weights) else [1.0] * len(seen), "1", 0.0, 1.0, above=True)
    shaped = all(row.shape == (identity.N_SIDES,) for row in (shares, *seen))
    if not shaped or len(powers) != len(seen) or shares.sum() <= 0.0:
        raise ValueError("needs a prior of three shares, rows of three likelihoods, and a weight for each row or none")
    table, found = np.zeros((len(seen), 2, identity.N_SIDES)), np.zeros(identity.N_SIDES)
    for k, row in enumerate(seen):
        table[k, 1] = powers[k] * np.log(np.maximum(row, identity.LEAST))
    log_prior = np.where(shares > 0.0, np.log(np.maximum(shares, identity.LEAST)), -np.inf)
    identity.identify(log_prior, table, np.ones(len(seen), np.int64), found)
    return found
