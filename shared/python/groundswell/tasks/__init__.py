"""Tasks: what people, and features for their objects, want done, by whom and when."""
