from django.urls import path

from notices.views import choosing, inbox, letters, live

app_name = "notices"
urlpatterns = [
    path("notices/", inbox.inbox, name="inbox"),
    path("notices/read/", inbox.mark_read, name="mark_read"),
    path("notices/settings/", choosing.settings_page, name="settings"),
    path("notices/settings/<slug:kind>-<int:ident>/", choosing.place_page, name="place"),
    path("notices/stop/<str:token>/", letters.stop, name="stop"),
    path("notices/state/", live.state, name="state"),
    path("notices/letters/", letters.letters_page, name="letters"),
    path("notices/letters/stop/<str:token>/", letters.stop_letters, name="stop_letters"),
    path("notices/<int:notice_id>/", inbox.open_notice, name="open"),
    path("live/", live.live, name="live"),
]
