"""Long work that somebody asked for: started at once, done by a worker step by step, and looked up by its id."""
