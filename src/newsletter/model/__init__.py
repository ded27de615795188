"""Frozen domain values and enums: what the stages hand to each other. No I/O, no libraries."""
