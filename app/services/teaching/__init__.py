"""What trainers see: content with its keys, figures of items, who is stuck, reports."""
