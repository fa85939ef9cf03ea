"""Asking for erasures over HTTP."""
