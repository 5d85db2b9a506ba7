"""What keeps a defence going between raids: upkeep of its parts, and missiles that come from behind."""
