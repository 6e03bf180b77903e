"""Messages: limits (SAFETY.md), files, and the hours in which an answer is due."""

import os

MESSAGES_PER_HOUR_TO_STRANGERS = int(os.environ.get("MESSAGES_PER_HOUR_TO_STRANGERS", "20"))
# Where a teacher or seller has named no hours of their own; a seller's days of absence are left out.
MESSAGE_REPLY_HOURS = int(os.environ.get("MESSAGE_REPLY_HOURS", "48"))
MESSAGE_FILES_MOST = 5
MESSAGE_FILE_MAX_BYTES = 25 * 1024 * 1024
MESSAGE_PICTURE_LONGEST = 2000
MESSAGE_PICTURE_MAX_PIXELS = 60_000_000
# An offer made for one person holds its goods for this long at most.
PERSONAL_OFFER_MAX_DAYS = int(os.environ.get("PERSONAL_OFFER_MAX_DAYS", "14"))
