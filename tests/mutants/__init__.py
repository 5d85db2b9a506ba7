"""Mutants: small faults put into a copy of the source, each of which a named test must notice.

``make mutants`` (``python -m tests.mutants``) puts them in one at a time. A suite that stays green with a fault in it
proves nothing about what the fault removed; the list in ``mutants.toml`` grows with each feature.
"""
