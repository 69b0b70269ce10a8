"""Figures: counts gathered batch by batch, the measures, and the tables they are shown in."""
