"""The kit: what a council's plugin begins from."""
