"""Callouts and appeals: their life, their uses, whether their addresses answer."""
