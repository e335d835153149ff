"""What was acknowledged is there exactly once, whatever is killed, restarted or full in between."""
