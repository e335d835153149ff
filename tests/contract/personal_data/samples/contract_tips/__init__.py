"""A sample plugin: residents leave tips with photos; everything about people is as the contract wants it."""
