"""Directory of health services with search, opening hours and an HSDS API."""
