"""pyBKT as conformance oracle, published baseline and exchange format: its only importer.

Importing this module loads numpy, pandas and scikit-learn; no web worker ever does.
"""
