"""From a decoded object to measured values: paths, units, plausibility."""
