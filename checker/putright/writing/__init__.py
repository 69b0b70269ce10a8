"""Files written whole or not at all, over nothing of anybody's, with a receipt."""
