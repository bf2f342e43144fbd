"""The dockable panel: four steps that follow the work, one a file."""
