"""From plugins' parts to one schema object per set of plugins."""
