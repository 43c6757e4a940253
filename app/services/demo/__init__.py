"""The demonstration: its people and how they came along."""
