"""The rules of the domain. Nothing here knows HTTP, MQTT or GraphQL."""
