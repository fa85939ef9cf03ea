"""Members of a client over HTTP."""
