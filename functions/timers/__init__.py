"""The tick of a minute."""
