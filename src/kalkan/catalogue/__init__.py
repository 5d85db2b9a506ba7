"""Claims with provenance: who says what about each system, and which figure kalkan uses."""

from kalkan.catalogue.claims import Catalogue, Claim, Entry, Quantity
from kalkan.catalogue.explain import explain
from kalkan.catalogue.kinds import KINDS, SPECS, Spec
from kalkan.catalogue.load import load_catalogue
from kalkan.catalogue.resolve import CatalogueError, Resolved

__all__ = [
    "KINDS",
    "SPECS",
    "Catalogue",
    "CatalogueError",
    "Claim",
    "Entry",
    "Quantity",
    "Resolved",
    "Spec",
    "explain",
    "load_catalogue",
]
