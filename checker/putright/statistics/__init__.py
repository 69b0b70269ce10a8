"""Count findings batch by batch, and build the measures and tables from the counts."""
