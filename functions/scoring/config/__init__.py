"""The config of lead scoring over HTTP."""
