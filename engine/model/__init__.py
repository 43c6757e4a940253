"""The accountable learner model: what it keeps, how it predicts, and its compiled twin.

Importing this package loads nothing but itself. `online` is plain Python, for web workers and
replay; `answers` needs numpy; `compiled` and what imports it need numba, for fitting alone.
"""
