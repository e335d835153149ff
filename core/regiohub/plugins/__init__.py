"""The plugin framework: manifests, hooks, discovery with quarantine, and the typed façade for calls."""
