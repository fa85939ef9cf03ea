"""How campaigns run, over HTTP."""
