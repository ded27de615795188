"""What editors are told of runs and mailings, and how it reaches them."""
