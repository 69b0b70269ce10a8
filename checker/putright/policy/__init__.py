"""A council's policy beside the Codes, beside other councils, and beside its own document."""
