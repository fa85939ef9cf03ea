"""What a client says of its conversations."""
