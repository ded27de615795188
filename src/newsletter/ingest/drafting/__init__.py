"""Which articles an issue is drafted from, and its file: choice, order, callouts, report."""
