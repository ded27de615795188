"""newsletter: an email newsletter composer for newsrooms."""

__version__ = "0.1.0"
