"""Commands of `abstand`, a module each: `register(subparsers)` sets `run`, heavy imports wait for it."""
