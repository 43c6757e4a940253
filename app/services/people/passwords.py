"""Password hashing (argon2id) and the rules a new password keeps."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.services.errors import Invalid

SHORTEST = 12
LONGEST = 200
# OWASP's first choice: 19 MiB, two passes, one lane; about 30 ms.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified against when there is no such account, so that both answers take the same time.
NOBODY = HASHER.hash("no account has this password")
# A hash takes 19 MiB and a core: a storm of sign-ins must not starve the answers.
_AT_ONCE = threading.BoundedSemaphore(2)
COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "password1234",
        "passwordpassword",
        "qwertyuiop12",
        "qwertyuiopas",
        "administrator",
        "letmeinletmein",
        "welcome12345",
        "changemechangeme",
        "iloveyou1234",
        "correcthorsebatterystaple",
    }
)

# Without the letters and figures that look alike on paper or aloud.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """A password to hand over once, easy to read aloud: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one hashed; takes as long for an absent hash."""
    with _AT_ONCE:
        try:
            HASHER.verify(password_hash or NOBODY, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
    return password_hash is not None


def check_new_password(password: str, *, name: str, email: str) -> None:
    """Raise Invalid, saying what to change, unless the password may be used."""
    if len(password) < SHORTEST:
        raise Invalid(
            "Use at least %(least)d characters. Three or four words work well.",
            field="new",
            least=SHORTEST,
        )
    if len(password) > LONGEST:
        raise Invalid("Use at most %(most)d characters.", field="new", most=LONGEST)
    folded = password.casefold().replace(" ", "")
    if folded in COMMON or len(set(folded)) <= 4:  # noqa: PLR2004 - "aaaabbbbcccc"
        raise Invalid("This password is easy to guess. Choose another.", field="new")
    own = {email.partition("@")[0].casefold(), *name.casefold().split()}
    if any(len(word) > 3 and folded.replace(word, "").strip("0123456789") == "" for word in own):  # noqa: PLR2004
        raise Invalid("Do not use your own name or address as the password.", field="new")
