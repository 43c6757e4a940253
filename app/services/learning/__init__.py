"""A learner at work: the answer path, what they see, and the replay of their log."""
