"""Tables and pictures of results; no measure is computed here."""
