"""What stands in the way of a gap's being covered, found by trying: the parts of :mod:`solver.explain`."""
