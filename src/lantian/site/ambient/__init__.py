"""Ambient air as staff read it: today, calendar, trends, rankings, stations, quality of the data."""
