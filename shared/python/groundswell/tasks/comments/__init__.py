"""What people say about a task, and whom they mention."""
