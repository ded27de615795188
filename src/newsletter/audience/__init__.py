"""Readers: the tokens of their links, and the files they are imported from."""
