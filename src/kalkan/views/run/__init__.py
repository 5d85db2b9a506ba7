"""What a run found: tables, cells and notes."""
