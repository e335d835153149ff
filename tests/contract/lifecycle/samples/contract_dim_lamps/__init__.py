"""The sample with events that say nothing."""
