"""Planned times: zones, the alarm, and which occurrence runs now."""
