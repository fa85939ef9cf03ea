"""What AWS resources of ours have in common, decided once."""
