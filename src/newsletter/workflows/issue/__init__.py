"""One issue before it is approved: composed, built, checked, looked at, sent to its editors."""
