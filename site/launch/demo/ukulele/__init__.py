"""The ukulele course: thirty days from the first chord to a small concert."""

from launch.demo.ukulele.course import UKULELE

__all__ = ["UKULELE"]
