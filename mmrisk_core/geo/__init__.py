"""Layers, their CRS, the formats that are read, and the recipe that travels with layers."""
