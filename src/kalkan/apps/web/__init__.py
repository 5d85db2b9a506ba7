"""The browser app: a small server on this machine, and the pages that it serves."""
