"""Accounts, roles, departments, and signing in."""
