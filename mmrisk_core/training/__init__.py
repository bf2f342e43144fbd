"""Labelled tiles -> a trained, checked and calibrated model."""
