"""Since when everything of the demonstration site holds."""

from __future__ import annotations

from datetime import date

SINCE = date(2000, 1, 1)
"""Long ago, so that a week of any imported past can be planned under the same rules and with the same people."""
