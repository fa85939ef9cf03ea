"""The hourly round of reconciliation."""
