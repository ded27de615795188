"""Checks: pure functions from one composition to what is wrong with it. Nothing is mended here."""
