"""What is done before and after a backup is read back, in its transaction."""

from api.store.traces import BLUR, BLURRED, FORGET_ANSWERS, UNNAME

SINCE_17 = b"SET transaction_timeout = 0;"
"""pg_dump of a later version says so to servers that do not know it."""

TABLES_THERE = (
    "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename IN ('campaign', 'coordinator')"
)
BEGUN = "SELECT (SELECT count(*) FROM public.campaign) + (SELECT count(*) FROM public.coordinator)"

# Tables for this transaction alone outlive the schema that is dropped. Those of an older version may lack some.
BEFORE = """
SET search_path = public;
CREATE TEMP TABLE carried_erased (what text, id uuid, at timestamptz, PRIMARY KEY (what, id)) ON COMMIT DROP;
CREATE TEMP TABLE carried_off (id uuid, at timestamptz) ON COMMIT DROP;
CREATE TEMP TABLE carried_apart (campaign_id uuid, one bytea, other bytea, expires_at timestamptz) ON COMMIT DROP;
CREATE TEMP TABLE carried_removed (campaign_id uuid, who bytea, expires_at timestamptz) ON COMMIT DROP;
DO $$ BEGIN
  IF to_regclass('public.erased') IS NOT NULL THEN
    INSERT INTO carried_erased SELECT what, id, at FROM public.erased;
    INSERT INTO carried_off SELECT id, disabled_at FROM public.coordinator WHERE disabled_at IS NOT NULL;
    INSERT INTO carried_apart SELECT campaign_id, one, other, expires_at FROM public.kept_apart;
    INSERT INTO carried_removed SELECT campaign_id, who, expires_at FROM public.removed_contact;
    CREATE TEMP TABLE carried_message ON COMMIT DROP AS SELECT * FROM public.message WHERE state = 'sent';
  END IF;
END $$;
"""

EMPTY = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
"""


# Whoever the list names goes first, so that nothing below is about them. Messages: what went out since is known as long as
# the database was there; of anything else that was on its way nobody knows whether it arrived, and a coordinator decides.
def _of(statement: str, ids: str) -> str:
    """The statement about one of those who are gone, in place of its parameters."""
    for name in ("campaign_id", "day", "lat", "lon", "name"):
        statement = statement.replace(f":{name}", f"gone.{name}")
    return statement.replace(":ids", ids) + ";"


_TEXT_ID, _ID = "ARRAY[gone.id::text]", "ARRAY[gone.id]"
_TRACES = "\n".join(
    [*(_of(BLUR % parts, _TEXT_ID) for parts in BLURRED), _of(UNNAME, _ID), _of(FORGET_ANSWERS, "")]
)

AFTER = rf"""
SET search_path = public;
DO $$
DECLARE gone record;
BEGIN
  FOR gone IN
    SELECT s.id, s.campaign_id, s.day, s.lat, s.lon, split_part(p.name, ' ', 1) AS name
    FROM (SELECT id, person_id, campaign_id, day, lat, lon FROM offer
      UNION ALL SELECT id, person_id, campaign_id, day, lat, lon FROM request) s
    JOIN person p ON p.id = s.person_id JOIN carried_erased c ON c.what = 'person' AND c.id = p.id
  LOOP
    {_TRACES}
    UPDATE edit SET reason = '(erased)' WHERE who_all ? gone.id::text AND forced;
    DELETE FROM hold WHERE id IN (SELECT hold_id FROM hold_person WHERE sign_up_id = gone.id);
    DELETE FROM hold_person WHERE sign_up_id = gone.id;
  END LOOP;
END $$;
CREATE TABLE public.restored AS SELECT 0 AS stayed_erased, 0 AS uncertain;
WITH gone AS (DELETE FROM person WHERE id IN (SELECT id FROM carried_erased WHERE what = 'person') RETURNING 1)
  UPDATE restored SET stayed_erased = (SELECT count(*) FROM gone);
DELETE FROM host WHERE id IN (SELECT id FROM carried_erased WHERE what = 'host');
DELETE FROM next_one WHERE id IN (SELECT id FROM carried_erased WHERE what = 'next_one');
DELETE FROM invitation WHERE id IN (SELECT id FROM carried_erased WHERE what = 'invitation');
UPDATE coordinator SET name = 'Somebody who left (' || left(id::text, 4) || ')', email = id || '@left.invalid',
  password_hash = '-', may_create = false, disabled_at = coalesce(disabled_at, now())
  WHERE id IN (SELECT id FROM carried_erased WHERE what = 'coordinator');
DELETE FROM membership WHERE coordinator_id IN (SELECT id FROM carried_erased WHERE what = 'coordinator');
UPDATE coordinator c SET disabled_at = o.at FROM carried_off o WHERE o.id = c.id AND c.disabled_at IS NULL;
INSERT INTO erased (what, id, at) SELECT what, id, at FROM carried_erased ON CONFLICT DO NOTHING;
INSERT INTO kept_apart (campaign_id, one, other, expires_at) SELECT c.* FROM carried_apart c
  WHERE EXISTS (SELECT FROM campaign WHERE id = c.campaign_id) ON CONFLICT DO NOTHING;
INSERT INTO removed_contact (campaign_id, who, expires_at) SELECT c.* FROM carried_removed c
  WHERE EXISTS (SELECT FROM campaign WHERE id = c.campaign_id) ON CONFLICT DO NOTHING;
-- Somebody who was erased may stand in a table on its way in, or in a form that was not sent.
DELETE FROM table_import;
DELETE FROM draft;
DELETE FROM login_session;
DELETE FROM known_device;
DELETE FROM private_session;
DELETE FROM host_session;
DO $$
DECLARE columns text;
BEGIN
  IF to_regclass('pg_temp.carried_message') IS NOT NULL THEN
    UPDATE message m SET state = 'sent', sent_at = c.sent_at, error = NULL FROM carried_message c WHERE c.id = m.id;
    SELECT string_agg(quote_ident(now.attname), ', ') INTO columns FROM pg_attribute now JOIN pg_attribute carried
      ON carried.attrelid = to_regclass('pg_temp.carried_message') AND carried.attname = now.attname AND carried.attnum > 0
      WHERE now.attrelid = 'message'::regclass AND now.attnum > 0 AND NOT now.attisdropped;
    UPDATE carried_message SET run_id = NULL WHERE run_id NOT IN (SELECT id FROM run);
    EXECUTE format('INSERT INTO message (%1$s) SELECT %1$s FROM carried_message c
      WHERE EXISTS (SELECT FROM campaign WHERE id = c.campaign_id)
      AND (person_id IS NULL OR EXISTS (SELECT FROM person WHERE id = c.person_id))
      AND (host_id IS NULL OR EXISTS (SELECT FROM host WHERE id = c.host_id))
      AND (coordinator_id IS NULL OR EXISTS (SELECT FROM coordinator WHERE id = c.coordinator_id))
      AND (told_by IS NULL OR EXISTS (SELECT FROM coordinator WHERE id = c.told_by))
      AND (invitation_id IS NULL OR EXISTS (SELECT FROM invitation WHERE id = c.invitation_id))
      ON CONFLICT DO NOTHING', columns);
  END IF;
END $$;
WITH unknown AS (
  UPDATE message SET state = 'unsure', error = 'Restored from a backup: it may have gone out since.'
  WHERE state IN ('created', 'sending', 'held', 'stopped') RETURNING 1)
  UPDATE restored SET uncertain = (SELECT count(*) FROM unknown);
"""  # noqa: S608
