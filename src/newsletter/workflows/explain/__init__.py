"""What will run, what ran, and why. Nothing here writes."""
