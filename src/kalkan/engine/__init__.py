"""Replications over threads, and the store that holds them."""
