"""Jobs: clock work and long work, its queue, heartbeat and pages."""
