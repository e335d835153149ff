"""How the documentation is made: the site, and the pages of the reference that come from the code."""
