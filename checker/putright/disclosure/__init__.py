"""Withhold small counts before publication, taking account of everything published before."""
