"""Decisions on campaigns that others have to approve."""
