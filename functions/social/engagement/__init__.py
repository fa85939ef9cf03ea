"""How posts do."""
