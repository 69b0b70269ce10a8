"""For the officer at the desk: what is due, what changed, what was accepted, what to check by hand."""
