from django.urls import path

from accounts.views import addresses, back_doors, confirm, people, privacy, profile, works

app_name = "people"
urlpatterns = [
    path("account/", profile.account, name="account"),
    path("account/addresses/", addresses.addresses, name="addresses"),
    path("account/addresses/new/", addresses.new, name="address_new"),
    path("account/addresses/areas/", addresses.areas, name="address_areas"),
    path("account/addresses/<int:address_id>/default/", addresses.default, name="address_default"),
    path("account/addresses/<int:address_id>/delete/", addresses.delete, name="address_delete"),
    path("account/works/", works.works, name="works"),
    path("account/works/<int:work_id>/remove/", works.remove, name="work_remove"),
    path("account/privacy/", privacy.privacy, name="privacy"),
    path("account/privacy/export/", privacy.export, name="export"),
    path("account/privacy/erase/", privacy.erase, name="erase"),
    path("account/confirm/", confirm.confirm, name="confirm"),
    path("people/<slug:handle>/", people.person, name="person"),
    # Wagtail's own doors lead to ours (SAFETY.md, Accounts); these stand before its addresses.
    path("admin/login/", back_doors.login),
    path("admin/logout/", back_doors.logout),
    path("admin/password_reset/", back_doors.password_reset),
]
