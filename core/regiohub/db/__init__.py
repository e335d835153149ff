"""Tables that know their tenant, sessions that never leave it, guards in the database itself."""
