"""Geodesy, refraction, terrain and horizon tables."""
