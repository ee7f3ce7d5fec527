"""No published lift is overfull or holds somebody who has cancelled, whatever the code does: looked at when a transaction ends.

A lift that the transaction itself has written is looked at once, by its own row; its stops need no look of their own. Whoever
looks holds the rows, so that of two transactions that fit alone and not together the second is refused.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CHECK = """
CREATE FUNCTION check_lift(which uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    driver uuid := (SELECT offer_id FROM lift WHERE id = which AND state = 'published' FOR NO KEY UPDATE);
    seats_there int;
    driver_is_off boolean;
    riding int;
    rider_is_off boolean;
BEGIN
    IF driver IS NULL THEN
        RETURN;
    END IF;
    SELECT seats, state = 'cancelled' INTO seats_there, driver_is_off FROM offer WHERE id = driver FOR SHARE;
    PERFORM FROM lift_stop JOIN request ON request.id = lift_stop.request_id
    WHERE lift_stop.lift_id = which AND lift_stop.state = 'published' FOR SHARE OF request;
    SELECT coalesce(sum(request.party), 0), coalesce(bool_or(request.state = 'cancelled'), false)
    INTO riding, rider_is_off
    FROM lift_stop JOIN request ON request.id = lift_stop.request_id
    WHERE lift_stop.lift_id = which AND lift_stop.state = 'published';
    IF riding > seats_there THEN
        RAISE EXCEPTION 'a published lift has more people than seats'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_overfull_lift', TABLE = 'lift';
    ELSIF driver_is_off OR rider_is_off THEN
        RAISE EXCEPTION 'a published lift has somebody who has cancelled'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_who_cancelled', TABLE = 'lift';
    END IF;
END $$
"""
LOOKS = {
    "lift": "PERFORM check_lift(NEW.id);",
    "lift_stop": """IF NOT EXISTS (
        SELECT FROM lift WHERE id = NEW.lift_id AND xmin = pg_current_xact_id()::xid
    ) THEN
        PERFORM check_lift(NEW.lift_id);
    END IF;""",
    "offer": "PERFORM check_lift(id) FROM lift WHERE offer_id = NEW.id AND state = 'published';",
    "request": """PERFORM check_lift(lift_id) FROM lift_stop
    WHERE request_id = NEW.id AND state = 'published';""",
}
WHEN = {
    "lift": "INSERT OR UPDATE ON lift {deferred} WHEN (NEW.state = 'published')",
    "lift_stop": "INSERT OR UPDATE OF lift_id, request_id, state ON lift_stop {deferred} WHEN (NEW.state = 'published')",
    "offer": "UPDATE OF seats, state ON offer {deferred}",
    "request": "UPDATE OF party, state ON request {deferred}",
}
DEFERRED = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"


def upgrade() -> None:
    op.execute(CHECK)
    for table, look in LOOKS.items():
        op.execute(
            f"CREATE FUNCTION whole_lifts_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {look} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE CONSTRAINT TRIGGER whole_lifts AFTER {WHEN[table].format(deferred=DEFERRED)}"
            f" EXECUTE FUNCTION whole_lifts_{table}()"
        )


def downgrade() -> None:
    for table in LOOKS:
        op.execute(f"DROP TRIGGER whole_lifts ON {table}")
        op.execute(f"DROP FUNCTION whole_lifts_{table}()")
    op.execute("DROP FUNCTION check_lift(uuid)")
