"""Checks of what an editor wrote: the issue file's words, links, pictures and their places."""
