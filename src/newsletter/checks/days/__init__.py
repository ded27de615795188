"""Days and dates of a text, and whether they are right on the day the issue is read."""
