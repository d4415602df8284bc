"""Lantian 蓝天: runs a city's clean-air plan."""

__version__ = "0.1.0"
