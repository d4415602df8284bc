"""The living plan: public pages on which every sentence shows its state."""
