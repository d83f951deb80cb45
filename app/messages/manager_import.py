"""Taking over a roster file."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_import.title": ("Importieren", "Import"),
    "manager_import.lead": (
        "Eine Datei im Format roster/1 wird gegen alles geprüft, was jetzt gilt. Ist etwas falsch, steht hier jeder "
        "Fehler, und nichts wird geändert. Ist alles richtig, sehen Sie zuerst, was die neue Fassung bewirkt.",
        "A file in the format roster/1 is judged by everything that holds now. If something is wrong, every fault "
        "stands here and nothing is changed. If all is right, you first see what the new version will do.",
    ),
    "manager_import.file": ("Datei (roster/1, JSON)", "File (roster/1, JSON)"),
    "manager_import.button": ("Datei prüfen", "Check the file"),
    "manager_import.no_file": ("Bitte wählen Sie eine Datei.", "Please choose a file."),
    "manager_import.faults": (
        "Die Datei ist nicht verwendbar. Fehler: {count}",
        "The file cannot be used. Faults: {count}",
    ),
    "manager_import.findings": (
        "Der Dienstplan in der Datei verletzt Regeln. Verstöße: {count}",
        "The roster in the file breaks rules. Breaches: {count}",
    ),
    "manager_import.more": ("… und {count} weitere.", "… and {count} more."),
    "manager_import.taken": (
        "Die Datei ist ohne Fehler. Veröffentlicht ist sie erst, wenn Sie zustimmen.",
        "The file is without fault. It is published only when you agree.",
    ),
    "manager_import.wrong_state": (
        "In ihrem jetzigen Stand nimmt diese Woche keinen Dienstplan an.",
        "In its present state this week takes no roster.",
    ),
}
