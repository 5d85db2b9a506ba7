"""What a scenario is made of: its tables and their fields."""
