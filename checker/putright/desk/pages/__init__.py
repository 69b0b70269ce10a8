"""The pages of the desk, a module each: what an officer sees, and what becomes of what is entered."""
