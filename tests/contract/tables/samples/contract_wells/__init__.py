"""A sample plugin with tables: wells and who came to them."""
