"""What a community flow may refuse, so that views and the API answer alike."""


class TooFast(Exception):
    """More posts a minute than `settings.POSTS_PER_MINUTE`; `retry_after` is in whole seconds (answer 429)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many posts, wait {retry_after} s")
        self.retry_after = retry_after


class Refused(Exception):
    """The person may read here but not do this (answer 403): locked, archived, not theirs, not a moderator."""


class NotSound(Exception):
    """The text is empty or too long (answer 400): nothing was stored."""


class TooLarge(NotSound):
    """The file is larger than the limit (answer 413): nothing was stored."""
