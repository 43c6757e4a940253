"""Keeping the database: backups and totals."""
