"""Measures with intervals, paired comparison."""
