"""The computed style of a finished mail, worked out without a browser."""
