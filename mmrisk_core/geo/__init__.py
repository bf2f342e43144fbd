"""Layers, their CRS, and the recipe that travels with them."""
