"""Files of case records as they come: read, mapped from another layout, never guessed at."""
