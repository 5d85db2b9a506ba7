"""Studies: what many runs together say of what is not known. They ask; what is told stands in ``views``."""
