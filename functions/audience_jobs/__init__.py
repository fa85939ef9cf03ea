"""What is too long for a request, of leads and audiences."""
