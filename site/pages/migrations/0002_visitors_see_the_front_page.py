from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial"), ("kit", "0003_changes_that_visitors_see")]
    operations = [migrations.RunSQL("SELECT watch_table('pages_homepage')", migrations.RunSQL.noop)]
