"""Codecs: untrusted JavaScript of sensor makers, run in worker processes that can be killed."""
