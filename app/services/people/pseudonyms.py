"""Short references for people whose name is nobody's business on this page."""

import hmac
import uuid
from base64 import b32encode
from hashlib import sha256


def reference(person_id: uuid.UUID, *, key: str) -> str:
    """A short name for a person that only this installation can make, and nobody can undo."""
    sealed = hmac.new(key.encode(), b"person:" + person_id.bytes, sha256).digest()
    letters = b32encode(sealed).decode()[:8]
    return f"{letters[:4]}-{letters[4:]}"
