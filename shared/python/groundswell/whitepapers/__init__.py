"""Whitepapers: files that are given away for a name, by links of minutes or by mail."""
