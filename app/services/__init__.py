"""What the application does, a file per activity."""
