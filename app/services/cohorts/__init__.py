"""Cohorts, enrolment, and progress that singles nobody out."""
