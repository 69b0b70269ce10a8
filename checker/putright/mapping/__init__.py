"""Another layout turned into case records, as a mapping file says and never by guessing."""
