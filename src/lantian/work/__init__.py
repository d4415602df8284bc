"""Whole computations: tables and parameters in, tables out."""
