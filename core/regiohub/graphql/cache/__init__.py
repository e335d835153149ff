"""Whole answers kept for others with the same rights, for as long as the tables behind them have not changed."""
