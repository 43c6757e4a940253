"""The workshop: trainers write modules as drafts, a second person reviews, then they publish."""
