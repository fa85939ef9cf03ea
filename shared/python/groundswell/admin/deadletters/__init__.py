"""What no retry could help, to be looked at, replayed or discarded by an operator."""
