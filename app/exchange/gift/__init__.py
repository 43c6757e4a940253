"""Moodle's GIFT: questions typed in a text file, as Moodle's page "GIFT format" describes."""
