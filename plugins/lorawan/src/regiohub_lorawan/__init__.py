"""LoRaWAN sensors for a municipality: devices, codecs, datastreams, observations."""
