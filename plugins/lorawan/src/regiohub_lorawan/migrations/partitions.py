"""Monthly partitions of the observations on PostgreSQL.

The serving role owns nothing and may not create tables. It may call one function that runs with the owner's rights
and can do exactly one thing: attach the partition of a month between 2000 and 2099. So partitions appear when the
first value of a month arrives, however late or early, and no default partition collects what nobody planned for.
"""

from regiohub.api.migrations import ops

# LIKE and ATTACH instead of CREATE … PARTITION OF: the latter would lock all readers of the table out.
# The partition gets no grants at all: it is reached only through the parent, whose policies then hold.
_FUNCTION = """
CREATE FUNCTION lorawan_ensure_month(moment bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    first_day timestamp := date_trunc('month', to_timestamp(moment / 1000.0) AT TIME ZONE 'UTC');
    name text := 'lorawan_observation_' || to_char(first_day, 'YYYY_MM');
    start_ms bigint := extract(epoch FROM first_day) * 1000;
    stop_ms bigint := extract(epoch FROM first_day + interval '1 month') * 1000;
BEGIN
    IF extract(year FROM first_day) NOT BETWEEN 2000 AND 2099 THEN
        RAISE EXCEPTION 'no partition for %', first_day USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF to_regclass('public.' || name) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('lorawan_ensure_month'));
    BEGIN
        EXECUTE format('CREATE TABLE public.%I (LIKE public.lorawan_observation INCLUDING ALL)', name);
    EXCEPTION WHEN duplicate_table THEN
        -- Made by another session while this one waited; the catalogue cache asked above may not know yet.
        RETURN false;
    END;
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner_migrates ON public.%I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
    EXECUTE format('ALTER TABLE public.lorawan_observation ATTACH PARTITION public.%I FOR VALUES FROM (%s) TO (%s)',
                   name, start_ms, stop_ms);
    RETURN true;
END $$
"""


def create() -> None:
    """Create the function and let the serving role call it."""
    ops.execute(_FUNCTION)
    ops.execute("REVOKE ALL ON FUNCTION lorawan_ensure_month(bigint) FROM PUBLIC")
    ops.execute(
        "DO $$ DECLARE role text; BEGIN"
        " FOR role IN SELECT grantee FROM information_schema.role_table_grants"
        " WHERE table_name = 'lorawan_datastream' AND privilege_type = 'INSERT' AND grantee <> current_user LOOP"
        " EXECUTE format('GRANT EXECUTE ON FUNCTION lorawan_ensure_month(bigint) TO %I', role); END LOOP; END $$"
    )


def drop() -> None:
    """Drop the function; the partitions go with their table."""
    ops.execute("DROP FUNCTION IF EXISTS lorawan_ensure_month(bigint)")
