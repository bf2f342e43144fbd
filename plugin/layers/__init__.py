"""What goes between QGIS layers and files, both ways."""
