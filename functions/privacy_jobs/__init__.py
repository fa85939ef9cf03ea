"""Does what people asked for: erasures."""
