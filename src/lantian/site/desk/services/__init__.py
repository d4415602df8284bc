"""What people on duty do; each change leaves its journal entry in the same transaction."""
