"""Instances of alerts over HTTP."""
