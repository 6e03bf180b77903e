"""The owner's pages of the shop in Wagtail's admin."""
