"""Asking for exports over HTTP."""
