"""The tool 'Inspect tile': what a model sees of a tile and says of it, and what it would say of other attributes."""
