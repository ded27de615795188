"""Strangers' pictures made into ones for a mail, in a child process."""
