"""The pages of docs/reference that come from the code: one module per page, each with a function `pages`."""
