"""A council's policy compared with the Codes, with other councils and with its own document."""
