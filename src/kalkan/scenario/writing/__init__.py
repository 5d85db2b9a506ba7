"""Scenarios written anew: starters, changed values, and the schema for editors."""
