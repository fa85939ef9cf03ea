"""The state of the system as a whole."""
