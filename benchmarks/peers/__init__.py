"""The national year by other means, each a script of its own: ``python -m benchmarks.peers.X FOLDER`` prints seconds."""
