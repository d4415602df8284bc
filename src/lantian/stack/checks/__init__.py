"""The catalogue of checks on what stacks sent: each with its code, clause, severity, texts, function and two cases."""
