"""Each question as one SQL text, and what its rows mean."""
