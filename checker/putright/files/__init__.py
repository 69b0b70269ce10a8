"""Read files of every format, within limits on their size."""
