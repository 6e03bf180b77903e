from django.urls import path

from community.views.messages import begin, office, talk

_one = "messages/<int:conversation_id>/"
urlpatterns = [
    path("messages/", talk.inbox, name="inbox"),
    path("messages/new/", begin.new, name="message_new"),
    path("messages/settings/", office.settings, name="message_settings"),
    path("messages/settings/<int:canned_id>/drop/", office.drop_canned, name="canned_drop"),
    path("messages/reports/", office.reports, name="message_reports"),
    path("messages/reports/<int:message_id>/", office.decide, name="message_decide"),
    path(_one, talk.conversation, name="conversation"),
    path(_one + "news/", talk.news, name="conversation_news"),
    path(_one + "files/<int:file_id>/", talk.file, name="message_file"),
    path(_one + "block/", talk.block, name="conversation_block"),
    path(_one + "<int:no>/report/", talk.report, name="message_report"),
]
