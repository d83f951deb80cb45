"""Calls in, required agents out."""
