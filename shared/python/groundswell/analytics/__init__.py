"""Questions about the events, and what people define in order to ask them."""
