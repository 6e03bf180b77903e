"""The community's limits and times."""

import os

from config.settings.live import *  # noqa: F403  (base.py is full)
from config.settings.messages import *  # noqa: F403
from config.settings.posts import *  # noqa: F403

POSTS_PER_MINUTE = 10
UNREAD_DAYS = 60  # topics silent for longer are not shown as unread (COMMUNITY.md)
# Spaces: wrong codes a minute, applications and invitations a day, by one person (SAFETY.md, Limits).
SPACE_CODE_GUESSES_PER_MINUTE = 10
APPLICATIONS_PER_DAY = 3
SPACE_INVITATIONS_PER_DAY = 50
# Documents of applicants: how large, and how many days one waits for a decision before it is deleted undecided.
PROOF_MAX_BYTES = 10 * 1024 * 1024
PROOF_MAX_PIXELS = 60_000_000
PROOF_KEEP_DAYS = 60
# A class's space is archived this many days after the class's last day.
SPACE_ARCHIVE_DAYS = int(os.environ.get("SPACE_ARCHIVE_DAYS", "30"))

# Draws: so long before registration the commitment is public, and so long the closed list stands before the seed is shown.
DRAW_NOTICE_MINUTES = 5
DRAW_LIST_MINUTES = 10
