"""Checks of templates and theme."""
