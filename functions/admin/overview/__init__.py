"""Numbers of the organization and the state of the system, over HTTP."""
