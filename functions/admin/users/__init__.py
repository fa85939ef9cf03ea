"""Users of the organization, administered over HTTP."""
