from django.db import migrations

WATCH = """
SELECT watch_table('catalogue_offer'), watch_table('catalogue_bundle'), watch_table('catalogue_component'),
       watch_table('catalogue_price'), watch_table('catalogue_sku')
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_prices_never_overlap"), ("kit", "0003_changes_that_visitors_see")]
    operations = [migrations.RunSQL(WATCH, migrations.RunSQL.noop)]
