"""Ambient air: city days and periods under the national statistics, computed exactly on tables."""
