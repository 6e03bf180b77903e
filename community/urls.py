from django.urls import path

from community.views import boards, door, events, following, moderation, posts, tickets, topics

app_name = "community"
_space = "community/<slug:space_slug>/"
_topic = _space + "<int:topic_id>-<str:slug>/"
_event = "events/<int:event_id>/"
_post = _space + "<int:topic_id>/<int:no>/"
urlpatterns = [
    path("events/", events.events, name="events"),
    path("events/new/", events.new_event, name="new_event"),
    path("events/<int:event_id>-<str:slug>/", events.event, name="event"),
    path(_event, events.event, name="event_by_id"),
    path(_event + "edit/", events.edit_event, name="edit_event"),
    path(_event + "cancel/", events.cancel_event, name="cancel_event"),
    path(_event + "seat/", tickets.seat, name="seat"),
    path(_event + "line/", tickets.wait, name="event_line"),
    path(_event + "ticket/", tickets.ticket, name="ticket"),
    path(_event + "event.ics", tickets.calendar_file, name="event_file"),
    path(_event + "pictures/<int:picture_id>/", tickets.picture, name="event_picture"),
    path(_event + "door/", door.door, name="door"),
    path(_event + "came/", door.came, name="came"),
    path(_event + "report/", door.report, name="event_report"),
    path("people/<slug:handle>/follow/", following.follow, name="follow"),
    path("following/", following.following, name="following"),
    path("community/", boards.spaces, name="spaces"),
    path(_space, boards.space, name="space"),
    path(_space + "join/", boards.join, name="join"),
    path(_space + "leave/", boards.leave, name="leave"),
    path(_space + "follow/", following.watch_space, name="watch_space"),
    path(_space + "read/", boards.mark_read, name="mark_read"),
    path(_space + "new/", topics.new_topic, name="new_topic"),
    path(_space + "reports/", moderation.reports, name="reports"),
    path(_space + "<int:topic_id>/", topics.topic, name="topic_by_id"),
    path(_space + "<int:topic_id>/reply/", topics.reply, name="reply"),
    path(_space + "<int:topic_id>/state/", moderation.set_state, name="set_state"),
    path(_space + "<int:topic_id>/follow/", following.watch_topic, name="watch_topic"),
    path(_topic, topics.topic, name="topic"),
    path(_topic + "<int:no>/", topics.post, name="post"),
    path(_post, topics.post, name="post_by_id"),
    path(_post + "thank/", posts.thank, name="thank"),
    path(_post + "accept/", posts.accept, name="accept"),
    path(_post + "edit/", posts.edit, name="edit"),
    path(_post + "report/", posts.report, name="report"),
    path(_post + "remove/", moderation.remove, name="remove"),
    path(_post + "keep/", moderation.keep, name="keep"),
]
