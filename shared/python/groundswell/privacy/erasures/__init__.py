"""What people may ask for: to be left out, to be forgotten, and to be told what is known."""
