"""Settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app import clock

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class SettingError(Exception):
    """An environment variable that cannot be used.

    :param name: of the variable
    :param code: key of the sentence that says what is wrong
    """

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name}: {code}")
        self.name = name
        self.code = code


@dataclass(frozen=True)
class Settings:
    """What differs from one installation to another.

    :param database_url: SQLAlchemy address of SQLite or PostgreSQL
    :param secret_key: signs the session cookie
    :param secure_cookies: cookies only over HTTPS
    :param trusted_proxies: how many proxies before the server may be believed
    :param cheap_passwords: password hashes made in a millisecond, for tests only
    :param clock: where views read the time
    """

    database_url: str
    secret_key: str
    secure_cookies: bool = False
    trusted_proxies: int = 0
    cheap_passwords: bool = False
    clock: clock.Clock = clock.now


def base_folder() -> Path:
    """The folder that ``var`` lies in: the project's root, or where the command was started."""
    return PROJECT_ROOT if (PROJECT_ROOT / "pyproject.toml").is_file() else Path.cwd()


def database_url(environ: Mapping[str, str], folder: Path) -> str:
    """``ABSTAND_DATABASE_URL``, or the SQLite file below ``var``.

    Raises SettingError for a database that is neither SQLite nor PostgreSQL.
    """
    url = environ.get("ABSTAND_DATABASE_URL", "").strip()
    if not url:
        (folder / "var").mkdir(exist_ok=True)
        return f"sqlite:///{folder / 'var' / 'abstand.db'}"
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.strip("/"):
        return url
    raise SettingError("ABSTAND_DATABASE_URL", "setting.database_url")


def kept_secret_key(folder: Path) -> str:
    """The key kept in ``var/secret_key``; the first process makes it, the others find it."""
    kept = folder / "var" / "secret_key"
    kept.parent.mkdir(exist_ok=True)
    if not kept.exists():
        made = kept.with_name(f"secret_key.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            # A link appears whole or not at all, and never replaces the one that was first.
            os.link(made, kept)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept.read_text(encoding="ascii")


def from_environment(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Settings of this process.

    Raises SettingError where a variable cannot be used.
    """
    environ = os.environ if environ is None else environ
    folder = folder or base_folder()
    secret_key = environ.get("ABSTAND_SECRET_KEY", "")
    if secret_key and len(secret_key) < 32:
        raise SettingError("ABSTAND_SECRET_KEY", "setting.secret_key")
    proxies = environ.get("ABSTAND_TRUSTED_PROXIES", "0")
    if not proxies.isdecimal():
        raise SettingError("ABSTAND_TRUSTED_PROXIES", "setting.trusted_proxies")
    return Settings(
        database_url=database_url(environ, folder),
        secret_key=secret_key or kept_secret_key(folder),
        secure_cookies=environ.get("ABSTAND_SECURE_COOKIES", "") == "1",
        trusted_proxies=int(proxies),
    )
