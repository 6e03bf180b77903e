"""/messages/: the inbox, conversations, beginning one, what one sets, what the owner is shown."""
