"""A named person's yes: what it seals, what it is set against, and the ways of giving it."""
