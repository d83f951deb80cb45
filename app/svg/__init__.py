"""Charts, roster bars and floor plans as SVG made on the server: presentation attributes and classes, no styles."""
