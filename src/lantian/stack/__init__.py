"""Stack monitoring: what the monitors of polluting sources send, as events and values; no sockets, files or clock."""
