from django.urls import path

from shop.referrals.views import cases, channels, numbers, poster, promote, receipt, teach
from shop.referrals.views.link import follow

app_name = "referrals"
urlpatterns = [
    path("r/<slug:code>/", follow, name="link"),
    path("teach/referrers/", teach.referrers, name="bringers"),
    path("teach/referrers/<int:referrer_id>/thank/", teach.thank, name="thank"),
    path("promote/", promote.promote, name="promote"),
    path("promote/join/", promote.join, name="join"),
    path("promote/apply/", promote.apply, name="apply"),
    path("promote/agreements/<int:programme_id>/", promote.agreement, name="agreement"),
    path("promote/share/", promote.begin, name="begin"),
    path("promote/links/", promote.make_link, name="make_link"),
    path("promote/links/to/", promote.link_to, name="link_to"),
    path("promote/links/<slug:code>/qr.<str:form>", promote.qr_code, name="qr"),
    path("promote/links/<slug:code>/", poster.share, name="share"),
    path("promote/links/<slug:code>/poster/<slug:design>.jpg", poster.image, name="poster"),
    path("promote/links/<slug:code>/poster/<slug:design>.pdf", poster.printed, name="poster_pdf"),
    path("promote/links/<slug:code>/picture/", poster.own_picture, name="own_picture"),
    path("promote/links/<slug:code>/homework/", poster.homework_picture, name="homework_picture"),
    path("promote/links/<slug:code>/no-picture/", poster.no_picture, name="no_picture"),
    path("promote/report/", cases.report, name="report_link"),
    path("promote/cases/", cases.cases, name="cases"),
    path("promote/cases/<int:case_id>/", cases.case, name="case"),
    path("promote/cases/<int:case_id>/speak/", cases.speak, name="case_speak"),
    path("promote/cases/<int:case_id>/evidence/<int:evidence_id>/", cases.evidence, name="case_evidence"),
    path("promote/channels/", channels.channels, name="channels"),
    path("promote/channels/register/", channels.register, name="register_channel"),
    path("promote/channels/<int:channel_id>/end/", channels.end, name="end_channel"),
    path("promote/numbers/", numbers.report, name="report"),
    path("promote/numbers.csv", numbers.report_csv, name="report_csv"),
    path("promote/receipts/<str:number>/", receipt.receipt, name="receipt"),
    path("promote/receipts/<str:number>/receipt.json", receipt.receipt_json, name="receipt_json"),
    path("promote/receipts/<str:number>/dispute/", receipt.dispute, name="dispute"),
]
