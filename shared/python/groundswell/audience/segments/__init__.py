"""Segments: leads by rules, kept current as leads change."""
