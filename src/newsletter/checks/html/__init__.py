"""Checks of the finished HTML and of its text part."""
