"""Other people's question files, shared with this repository's neighbours."""

from pathlib import Path

FIXTURES = Path(__file__).parents[2].parent / "shared" / "fixtures"
