"""Calibration that people approve: propose, compare, decide, switch, watch."""
