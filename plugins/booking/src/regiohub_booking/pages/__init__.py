"""Pages for residents behind one-time links."""
