"""Moodle XML: what Moodle's question bank exports, as its page "Moodle XML format" describes."""
