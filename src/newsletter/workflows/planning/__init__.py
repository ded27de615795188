"""Planned times: which there are, whose issue each is for, and what was done for it."""
