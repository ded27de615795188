"""Checks of one message's bytes and of the addresses in it."""
