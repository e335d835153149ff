"""A register of park benches: a sound plugin, and the same with one fault each in `bad`."""
