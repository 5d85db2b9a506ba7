"""Physics as small pure functions."""
