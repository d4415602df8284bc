"""The monthly bulletin: drafted by the worker, kept, downloaded."""
