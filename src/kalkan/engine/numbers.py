"""Which numbers of replications serve which purpose: no number of a variant serves two.

A replication's random numbers are addressed by its number. What a study first looks at to make up its mind (shares,
sizes, candidates) has numbers of its own, so that its luck is not the luck of what is told.
"""

from __future__ import annotations

MOST_REPLICATIONS = 10_000_000  # of a variant for any one purpose
FIRST, FIRST_RARE, FIRST_PILOT, FIRST_SCREEN = (i * MOST_REPLICATIONS for i in range(4))
"""Of runs and of the main part of studies, of rare leaks, of the pilot that splits a budget of draws,
and of the tornado that screens quantities before draws."""
