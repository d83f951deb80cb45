"""Tables, a file per aggregate."""
