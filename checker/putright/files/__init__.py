"""Files as they come, of any kind, read within limits."""
