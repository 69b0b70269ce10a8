"""English shared by every output, text safe to print, formulas made inert, and rounding as Excel rounds."""
