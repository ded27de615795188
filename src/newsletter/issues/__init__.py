"""The issue file and the callout file: read with places, written byte for byte."""
