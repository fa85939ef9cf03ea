"""What Lambda gets: two layers and a small asset per function, built without docker."""
