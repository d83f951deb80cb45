"""What commands say."""

MESSAGES: dict[str, tuple[str, str]] = {
    "command.no_database": (
        "Die Datenbank antwortet nicht: {reason}",
        "The database does not answer: {reason}",
    ),
    "command.file": ("Datei {file}: {reason}", "File {file}: {reason}"),
}
