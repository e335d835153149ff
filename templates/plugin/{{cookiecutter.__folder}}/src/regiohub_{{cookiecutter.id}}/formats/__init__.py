"""Files and messages that come in or go out."""
