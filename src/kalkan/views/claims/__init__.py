"""Who says what: checks, claims and the history of the deal."""
