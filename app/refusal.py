"""Why Cairn does not start or go on, for the person at the terminal."""


class CannotGoOn(Exception):
    """One sentence with the cause, one with the way out; never shown with a traceback."""
