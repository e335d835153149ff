-- What PostGraphile's own documentation recommends where a table is not the answer: computed columns in SQL.
CREATE FUNCTION booking_resource_next_bookings(r booking_resource, since timestamptz) RETURNS SETOF booking_booking
LANGUAGE sql STABLE AS $$
  SELECT * FROM booking_booking b
  WHERE b.tenant_id = r.tenant_id AND b.resource_id = r.id AND b.ends_at > since
    AND (b.state IN ('pending', 'confirmed') OR (b.state = 'held' AND b.expires_at > now()))
  ORDER BY b.starts_at, b.id
$$;
CREATE FUNCTION lorawan_datastream_span(d lorawan_datastream, since bigint, until bigint)
RETURNS SETOF lorawan_observation LANGUAGE sql STABLE AS $$
  SELECT * FROM lorawan_observation o
  WHERE o.tenant_id = d.tenant_id AND o.series = d.series AND o.ts >= since AND o.ts < until
  ORDER BY o.ts
$$;
CREATE FUNCTION lorawan_device_eui(v lorawan_device) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN current_setting('app.sees_devices', true) = 'on' THEN v.dev_eui END
$$;
CREATE FUNCTION booking_place_geo(p booking_place) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT ST_AsGeoJSON(p.position, 7)::jsonb
$$;
CREATE FUNCTION lorawan_thing_geo(t lorawan_thing) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT ST_AsGeoJSON(t.place, 7)::jsonb
$$;
CREATE FUNCTION published_procedures() RETURNS SETOF atlas_procedure LANGUAGE sql STABLE AS $$
  SELECT * FROM atlas_procedure p
  WHERE p.tenant_id = NULLIF(current_setting('app.tenant', true), '')::integer AND p.published_at IS NOT NULL
  ORDER BY p.published_at DESC, p.id
$$;
