"""Sequences over HTTP."""
