"""What a client sets for its leads, over HTTP."""
