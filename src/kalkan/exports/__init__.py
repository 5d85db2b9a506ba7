"""Exports: finished replications in formats that other programs read."""

from kalkan.exports.formats import FORMATS
from kalkan.exports.writing import export, go_live

__all__ = ["FORMATS", "export", "go_live"]
