"""Leads from CSV files: read in any dialect, mapped, and written so that a killed worker counts nothing twice."""
