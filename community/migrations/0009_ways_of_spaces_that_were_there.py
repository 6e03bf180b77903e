"""Spaces that were there get the way in that they had; rules that stood there are their first version."""

from django.db import migrations

WAYS = """
UPDATE community_space SET way = CASE WHEN visibility = 'public' THEN 'public' WHEN about LIKE 'cohort:%' THEN 'cohort'
    ELSE 'invitation' END
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0008_doors_rules_and_calendar")]

    operations = [
        migrations.RunSQL(WAYS, migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE community_space SET rules_version = 1 WHERE rules <> ''", migrations.RunSQL.noop),
    ]
