"""What belongs to a town, as files that can be read without us: rows in one canonical form, archives, their checks.

A town leaves with its archive, comes back with it, moves to another installation or another database with it, and is
backed up by it. Purging a plugin's data writes its rows in the same form.
"""
