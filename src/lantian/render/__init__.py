"""Documents and charts: data in, bytes out."""
