"""The HJ 212 TCP server: sockets around ``stack/hj212`` and ``store/stack``."""
