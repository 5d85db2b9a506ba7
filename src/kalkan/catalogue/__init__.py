"""Claims with provenance: who says what about each system, and which figure kalkan uses."""

from kalkan.catalogue.claims import Claim, ClaimedQuantity, Entry
from kalkan.catalogue.draw import draw, origins
from kalkan.catalogue.entries import CatalogueError
from kalkan.catalogue.explain import explain
from kalkan.catalogue.grades import GRADES, MEANING, grade
from kalkan.catalogue.kinds import CONDITIONS, KINDS, defence_wants
from kalkan.catalogue.load import load_catalogue, read_catalogue
from kalkan.catalogue.ranges import span
from kalkan.catalogue.reading import named_fault, read_stance
from kalkan.catalogue.resolve import Resolved, resolve
from kalkan.catalogue.reviewed import reviewed
from kalkan.catalogue.specs import SPECS, Spec, parse_load
from kalkan.catalogue.stance import BEST_SOURCE, DEFAULT, STANCES, Stance
from kalkan.catalogue.timeline import contradict, timeline
from kalkan.catalogue.used import used_claims
from kalkan.catalogue.voices import origin_of, voices
from kalkan.catalogue.whole import Catalogue
from kalkan.catalogue.writing import as_toml

__all__ = [
    "BEST_SOURCE",
    "CONDITIONS",
    "DEFAULT",
    "GRADES",
    "KINDS",
    "MEANING",
    "SPECS",
    "STANCES",
    "Catalogue",
    "CatalogueError",
    "Claim",
    "ClaimedQuantity",
    "Entry",
    "Resolved",
    "Spec",
    "Stance",
    "as_toml",
    "contradict",
    "defence_wants",
    "draw",
    "explain",
    "grade",
    "load_catalogue",
    "named_fault",
    "origin_of",
    "origins",
    "parse_load",
    "read_catalogue",
    "read_stance",
    "resolve",
    "reviewed",
    "span",
    "timeline",
    "used_claims",
    "voices",
]
