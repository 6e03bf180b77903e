from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0014_tickets_of_events"),
        ("community", "0004_events_and_draws"),
        ("kit", "0003_changes_that_visitors_see"),
    ]
    operations = [migrations.RunSQL("SELECT watch_table('community_event')", migrations.RunSQL.noop)]
