"""A notice board without a table: a plugin that implements every hook and notes what it is asked to do."""
