"""What is wrong with a field of a form."""

MESSAGES: dict[str, tuple[str, str]] = {
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
