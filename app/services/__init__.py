"""Use cases: plain functions, database session first, the time given; they never commit."""
