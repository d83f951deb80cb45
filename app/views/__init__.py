"""Pages and API, a blueprint per audience."""
