"""The pure rules of booking: time, hours, slots, units, series, states. No database, no web, no clock of their own."""
