"""A mail as different readers see it: rewritten for a program's ways, drawn, laid side by side."""
