"""What is wrong with a field of a form."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_form.choose": ("Bitte wählen Sie etwas aus.", "Please choose one."),
    "manager_form.clock": ("Bitte geben Sie eine Uhrzeit wie 08:30 ein.", "Please enter a time of day like 08:30."),
    "manager_form.moment": ("Bitte geben Sie Datum und Uhrzeit ein.", "Please enter a date and a time."),
    "manager_form.number": (
        "Bitte geben Sie eine Zahl von {least} bis {most} ein.",
        "Please enter a number from {least} to {most}.",
    ),
    "manager_form.text": (
        "Bitte geben Sie einen Text von höchstens {most} Zeichen ein.",
        "Please enter a text of at most {most} characters.",
    ),
    "manager_form.whole": (
        "Bitte geben Sie eine ganze Zahl von {least} bis {most} ein.",
        "Please enter a whole number from {least} to {most}.",
    ),
}
