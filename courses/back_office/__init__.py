"""Courses in Wagtail's admin: an instructor sees their own, in lists, choosers, reports and searches too."""
