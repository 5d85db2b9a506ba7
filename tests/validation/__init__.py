"""The validation page: what the tests of this folder's chapters check, against what, and how close they come."""
