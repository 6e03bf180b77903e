"""Limits of what people write and attach (SAFETY.md, Limits)."""

from config.settings.notes import *  # noqa: F403  (settings inherit this way)

POST_FILE_MAX_BYTES = 30 * 1024 * 1024
POST_PICTURE_MAX_PIXELS = 60_000_000
POST_PICTURE_LONGEST = 2048  # pixels of the longer side, as stored
POST_FILES_MOST = 10  # of one post
POST_FILES_PER_HOUR = 60
UNSENT_FILE_DAYS = 7  # a file that belongs to no post and no draft
REMOVED_FILE_DAYS = 30  # a removed post's files, which nobody sees, wait for an appeal
EDITS_PER_MINUTE = 10
DRAFT_LONGEST = 60_000  # characters: three times a post, so that nothing is lost that must be cut
