"""What a person or `run` does, one module each; transactions begin here and nowhere to the right.

A package for each part of an issue's way: `sources`, `stories`, `callouts`, `issue`, `planning`,
`approval`, `sending`, `notices`, `digest`, `explain`. What all of them work with stands beside
them: the desk, the settings file, the files of the folder.
"""
