"""Alarms: what the referee found at the outlets, marks and notices of who runs them, press orders until they are closed off."""
