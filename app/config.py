"""Settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

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


class SmtpSecurity(StrEnum):
    """How the way to the mail server is encrypted; certificates are always checked."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


SMTP_PORTS = {SmtpSecurity.STARTTLS: 587, SmtpSecurity.TLS: 465, SmtpSecurity.NONE: 25}


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and from whom it comes.

    :param sender: address, with a name before it or without
    :param timeout_seconds: how long one answer may take
    """

    host: str
    port: int
    security: SmtpSecurity
    sender: str
    user: str = ""
    password: str = ""
    timeout_seconds: float = 20.0


@dataclass(frozen=True)
class Settings:
    """What differs from one installation to another.

    :param database_url: SQLAlchemy address of SQLite or PostgreSQL
    :param secret_key: signs the session cookie
    :param secure_cookies: cookies only over HTTPS
    :param trusted_proxies: how many proxies before the server may be believed
    :param cheap_passwords: password hashes made in a millisecond, for tests only
    :param clock: where views read the time
    :param base_url: how people reach the pages, without a slash at the end; empty where links cannot be sent
    :param mail_server: None where no mail is sent
    """

    database_url: str
    secret_key: str
    secure_cookies: bool = False
    trusted_proxies: int = 0
    cheap_passwords: bool = False
    clock: clock.Clock = clock.now
    base_url: str = ""
    mail_server: MailServer | None = None


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
    base_url = _base_url(environ)
    return Settings(
        database_url=database_url(environ, folder),
        secret_key=secret_key or kept_secret_key(folder),
        secure_cookies=environ.get("ABSTAND_SECURE_COOKIES", "") == "1",
        trusted_proxies=int(proxies),
        base_url=base_url,
        mail_server=_mail_server(environ, base_url),
    )


def _base_url(environ: Mapping[str, str]) -> str:
    """``ABSTAND_BASE_URL``; SettingError for what is no address of a host."""
    url = environ.get("ABSTAND_BASE_URL", "").strip().rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query):
        raise SettingError("ABSTAND_BASE_URL", "setting.base_url")
    return url


def _mail_server(environ: Mapping[str, str], base_url: str) -> MailServer | None:
    """The SMTP variables; None without a host."""
    host = environ.get("ABSTAND_SMTP_HOST", "").strip()
    if not host:
        return None
    if not base_url:
        raise SettingError("ABSTAND_BASE_URL", "setting.base_url_for_mail")
    security = environ.get("ABSTAND_SMTP_SECURITY", SmtpSecurity.STARTTLS)
    if security not in set(SmtpSecurity):
        raise SettingError("ABSTAND_SMTP_SECURITY", "setting.smtp_security")
    sender = environ.get("ABSTAND_SMTP_SENDER", "").strip()
    if "@" not in parseaddr(sender)[1]:
        raise SettingError("ABSTAND_SMTP_SENDER", "setting.smtp_sender")
    port = environ.get("ABSTAND_SMTP_PORT", "") or str(SMTP_PORTS[SmtpSecurity(security)])
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingError("ABSTAND_SMTP_PORT", "setting.smtp_port")
    user, password = (environ.get(name, "") for name in ("ABSTAND_SMTP_USER", "ABSTAND_SMTP_PASSWORD"))
    return MailServer(host, int(port), SmtpSecurity(security), sender, user, password)
