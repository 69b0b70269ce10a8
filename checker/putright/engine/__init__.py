"""The engine: every rule over all the cases of a frame at once, as arrays of numbers."""
