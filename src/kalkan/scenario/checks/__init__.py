"""Whether a scenario is sound, and what the checks know of the catalogue."""
