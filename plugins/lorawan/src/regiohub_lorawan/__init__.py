"""LoRaWAN sensors: devices, codecs, measured values and their history."""
