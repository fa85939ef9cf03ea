"""Opt-outs over HTTP."""
