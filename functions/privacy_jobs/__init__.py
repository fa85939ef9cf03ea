"""Does what people asked for: erasures and exports."""
