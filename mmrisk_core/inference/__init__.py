"""A model on a device: what it says of tiles, slice by slice."""
