"""Members of lists over HTTP."""
