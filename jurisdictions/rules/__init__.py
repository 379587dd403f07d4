"""Statutes whose structure is their own, one module per instrument, in statutory order."""
