"""Rooms, lending items and offers with seats: one booking engine for a town."""
