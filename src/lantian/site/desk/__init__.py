"""The duty desk 值班台: what matters this morning."""
