"""Addresses of following and the feed; part of community.urls."""

from django.urls import path

from community import urls_notes
from community.views import feed, following

_space = "community/<slug:space_slug>/"
urlpatterns = [
    *urls_notes.urlpatterns,
    path("people/<slug:handle>/follow/", following.follow, name="follow"),
    path("feed/", feed.feed, name="feed"),
    path("following/", following.following, name="following"),
    path(_space + "follow/", following.watch_space, name="watch_space"),
    path(_space + "<int:topic_id>/follow/", following.watch_topic, name="watch_topic"),
]
