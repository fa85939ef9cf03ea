"""Who works for which client, in which role."""
