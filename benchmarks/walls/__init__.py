"""What the walls between towns cost."""
