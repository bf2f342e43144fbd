"""Tile -> tensors: what it looks like, and what is recorded of it."""
