"""Lantian: runs a city's clean-air plan."""
