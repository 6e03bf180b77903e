from django.db import migrations, models

# Each statement that changes a watched table inserts one row, visible exactly when the change is: no counter row that
# all writers would have to lock, and no sequence that would move before the change can be seen.
FORWARDS = """
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kit_change DEFAULT VALUES;
    RETURN NULL;
END $$;
CREATE FUNCTION watch_table(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER seen_by_visitors AFTER INSERT OR UPDATE OR DELETE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION note_change()', watched);
END $$;
"""
BACKWARDS = "DROP FUNCTION watch_table(regclass); DROP FUNCTION note_change() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_cache_table_and_append_only_audit")]
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))],
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RunSQL("SELECT watch_table('kit_picture'), watch_table('kit_rendition')", migrations.RunSQL.noop),
    ]
