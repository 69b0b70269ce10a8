"""Text that is safe to print, inert in a spreadsheet, and rounded as Excel rounds."""
