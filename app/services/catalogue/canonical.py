"""The one text of a document, and its digest: what revisions and parameter sets are named by."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def canonical(document: Mapping[str, Any]) -> str:
    """The one JSON text of a document."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
