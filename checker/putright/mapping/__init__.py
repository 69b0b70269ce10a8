"""Turn an export in another layout into case records, as a mapping file says and without guessing."""
