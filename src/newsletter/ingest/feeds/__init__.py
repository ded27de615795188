"""Feeds (RSS, Atom, JSON) as plain values; runs in the page child."""
