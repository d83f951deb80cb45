"""OR-Tools models."""
