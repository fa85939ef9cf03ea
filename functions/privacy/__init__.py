"""What a client's people may ask of their data, and why events were turned away."""
