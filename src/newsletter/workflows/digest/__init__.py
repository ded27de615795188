"""A scheduled run before its planned time: stage by stage, tried again where sources fail."""
