"""Silences of alerts over HTTP."""
