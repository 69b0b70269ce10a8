"""Write files whole or not at all, without overwriting other people's files, and with a receipt."""
