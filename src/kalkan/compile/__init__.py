"""The narrow bridge from a scenario to a plan."""

from kalkan.compile.bridge import Compiled
from kalkan.compile.campaign import compile_scenario

__all__ = ["Compiled", "compile_scenario"]
