"""One module for each item format; `document.py` knows them all."""
