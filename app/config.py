"""The running configuration: read once from the environment, frozen, complete or refused."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigError(Exception):
    """A setting is missing or wrong; the message names it and the way out."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the environment decides. `home` is the one folder Cairn writes to."""

    home: Path
    database_url: str
    secret_key: str
    base_url: str
    content: Path
    demo: bool
    trusted_proxies: int

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None when the database is a server."""
        prefix = "sqlite:///"
        if not self.database_url.startswith(prefix):
            return None
        return Path(self.database_url.removeprefix(prefix))

    @property
    def uses_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"


def read_config(environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration the environment describes, or a ConfigError naming every problem."""
    home = Path(environ.get("CAIRN_HOME") or REPOSITORY / ".cairn").expanduser().resolve()
    _make_home(home)
    port = environ.get("PORT") or "8000"
    config = Config(
        home=home,
        database_url=environ.get("CAIRN_DATABASE_URL") or f"sqlite:///{home / 'cairn.db'}",
        secret_key=_secret_key(home, environ),
        base_url=environ.get("CAIRN_BASE_URL") or f"http://127.0.0.1:{port}",
        content=Path(environ.get("CAIRN_CONTENT") or REPOSITORY / "content").resolve(),
        demo=environ.get("CAIRN_DEMO", "") == "1",
        trusted_proxies=_count("CAIRN_TRUSTED_PROXIES", environ),
    )
    _check(config)
    return config


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"Cannot create the data folder {home}: {error.strerror}. "
            "Set CAIRN_HOME to a folder you may write to."
        ) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise ConfigError(
            f"The data folder {home} is not writable. Set CAIRN_HOME to a folder you may write to."
        )


def _secret_key(home: Path, environ: Mapping[str, str]) -> str:
    if key := environ.get("CAIRN_SECRET_KEY"):
        return key
    path = home / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    if path.stat().st_mode & 0o077:
        raise ConfigError(f"Others can read {path}. Run: chmod 600 {path}")
    return path.read_text().strip()


def _count(name: str, environ: Mapping[str, str]) -> int:
    text = environ.get(name) or "0"
    if not text.isdigit():
        raise ConfigError(f"{name} must be a whole number, got {text!r}.")
    return int(text)


def _check(config: Config) -> None:
    problems = []
    if len(config.secret_key) < 32:  # noqa: PLR2004 - 128 bits in hex
        problems.append("CAIRN_SECRET_KEY must have at least 32 characters.")
    if not config.database_url.startswith(("sqlite:///", "postgresql")):
        problems.append("CAIRN_DATABASE_URL must start with sqlite:/// or postgresql://.")
    address = urlsplit(config.base_url)
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        problems.append(
            f"CAIRN_BASE_URL is {config.base_url}: outside this machine Cairn needs https://."
        )
    if config.demo and address.hostname not in LOOPBACK:
        problems.append("CAIRN_DEMO=1 signs anybody in: it is refused on a public address.")
    if problems:
        raise ConfigError(" ".join(problems))
