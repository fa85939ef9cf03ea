"""SQL over a client's own events and persons."""
