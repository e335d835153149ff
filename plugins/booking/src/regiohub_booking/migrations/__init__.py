"""Schema steps of the booking tables."""
