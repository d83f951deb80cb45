"""Planning of a customer-service site: time, rules and optimisation.

Knows nothing of the web or of a database: a problem file goes in, a roster file comes out.
"""

__version__ = "0.1.0"
