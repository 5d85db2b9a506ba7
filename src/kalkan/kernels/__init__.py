"""The compiled loop."""
