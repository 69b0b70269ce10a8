"""Figures: counts gathered batch by batch, by quarter and year, and small ones withheld."""
