"""What commands say."""

MESSAGES: dict[str, tuple[str, str]] = {
    "command.no_database": (
        "Die Datenbank antwortet nicht: {reason}",
        "The database does not answer: {reason}",
    ),
    "command.not_migrated": (
        "Die Tabellen der Datenbank sind nicht die neuesten; bitte zuerst „abstand migrate“ aufrufen.",
        "The tables of the database are not the newest; please run “abstand migrate” first.",
    ),
    "command.port": (
        "Auf {host}:{port} kann nicht gewartet werden: {reason}",
        "Cannot listen on {host}:{port}: {reason}",
    ),
}
