"""What shows itself in a notebook."""
