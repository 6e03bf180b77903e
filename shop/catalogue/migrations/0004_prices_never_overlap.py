from django.db import migrations

# I2: at most one active price per offer, currency and instant. An exclusion constraint would need btree_gist, which
# the embedded PostgreSQL has not; the trigger locks the offer's row, so that two inserts at once see each other.
FORWARDS = """
CREATE FUNCTION catalogue_price_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM catalogue_offer WHERE id = NEW.offer_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM catalogue_price AS other
        WHERE other.offer_id = NEW.offer_id AND other.currency = NEW.currency AND other.id <> NEW.id
          AND tstzrange(other.valid_from, other.valid_to) && tstzrange(NEW.valid_from, NEW.valid_to)
    ) THEN
        RAISE EXCEPTION 'offer % has another price in % at that time', NEW.offer_id, NEW.currency
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_price_alone BEFORE INSERT OR UPDATE ON catalogue_price
    FOR EACH ROW EXECUTE FUNCTION catalogue_price_alone();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_pictures_and_sellers")]
    operations = [
        migrations.RunSQL(FORWARDS, "DROP TRIGGER catalogue_price_alone ON catalogue_price; DROP FUNCTION catalogue_price_alone()")
    ]
