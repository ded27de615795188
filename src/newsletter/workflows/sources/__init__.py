"""Articles come in: from sources that are due, from saved pages, or one by hand."""
