"""Writes events together that arrived one by one."""
