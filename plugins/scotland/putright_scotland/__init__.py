"""Scotland: the model complaints handling procedure of its Ombudsman, and a council that follows it."""
