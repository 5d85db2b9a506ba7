"""From a file or a text to a checked scenario."""
