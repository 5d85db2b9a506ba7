"""Recorded tracks of aircraft: reading what receivers and networks hand out, and cleaning it."""
