"""Leads as files: CSV and JSON."""
