"""The compiled search for a roster: state, kernels and the engine that drives them."""
