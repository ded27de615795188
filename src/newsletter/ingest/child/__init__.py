"""The page child and the parent's side of it: a stranger's bytes are read apart."""
