"""What goes to committee: one audit made into a paper as data, and that into every document."""
