"""Addresses of following, the feed and the notes; part of community.urls."""

from django.urls import path

from community.views import feed, following

urlpatterns = [
    path("people/<slug:handle>/follow/", following.follow, name="follow"),
    path("feed/", feed.feed, name="feed"),
    path("following/", following.following, name="following"),
]
