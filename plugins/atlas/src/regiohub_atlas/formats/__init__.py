"""What the atlas reads from and writes to other systems."""
