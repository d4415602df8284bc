"""The HJ 212 server: sockets around ``stack`` (the protocol) and ``store`` (what is kept)."""
