"""A summary beside its source: quotations, figures, names, hedges, and the words between them."""
