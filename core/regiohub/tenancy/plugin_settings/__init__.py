"""Settings of plugins in a town: defaults, then the town's file, then what staff set in the console."""
