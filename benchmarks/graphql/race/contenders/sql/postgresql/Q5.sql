SELECT json_build_object('data', json_build_object(
  'tenant', (SELECT json_build_object('slug', slug, 'name', name) FROM tenant WHERE id = $1),
  'measures', json_build_object('nodes', (SELECT coalesce(json_agg(x), '[]') FROM (
    SELECT key, title, lead, from_year AS "fromYear"
    FROM core_measure WHERE tenant_id = $1 ORDER BY position, key, id LIMIT 10
  ) x)),
  'atlas', json_build_object(
    'topics', json_build_object('nodes', (SELECT coalesce(json_agg(x), '[]') FROM (
      SELECT key, title FROM atlas_topic WHERE tenant_id = $1 ORDER BY title, id LIMIT 20
    ) x)),
    'procedures', json_build_object('nodes', (SELECT coalesce(json_agg(x), '[]') FROM (
      SELECT a.id, a.slug, a.title, a.summary, upper(a.kind) AS kind,
        to_char(a.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "publishedAt"
      FROM atlas_procedure a WHERE a.tenant_id = $1 AND a.published_at IS NOT NULL
      ORDER BY a.published_at DESC, a.id LIMIT 10
    ) x))
  ),
  'healthDirectory', json_build_object('organizations', json_build_object('nodes', (
    SELECT coalesce(json_agg(x), '[]') FROM (
      SELECT id, name, website FROM health_directory_organization WHERE tenant_id = $1 ORDER BY name, id LIMIT 10
    ) x))),
  'booking', json_build_object(
    'places', json_build_object('nodes', (SELECT coalesce(json_agg(x), '[]') FROM (
      SELECT id, name, address, wheelchair, ST_AsGeoJSON(position, 7)::json AS position
      FROM booking_place WHERE tenant_id = $1 ORDER BY name, id LIMIT 20
    ) x)),
    'resources', json_build_object('nodes', (SELECT coalesce(json_agg(x), '[]') FROM (
      SELECT r.id, r.name, r.persons, json_build_object('id', p.id, 'name', p.name) AS place
      FROM booking_resource r
      JOIN booking_place p ON p.tenant_id = r.tenant_id AND p.id = r.place_id
      WHERE r.tenant_id = $1 AND r.active ORDER BY r.name, r.id LIMIT 10
    ) x))
  ),
  'lorawan', json_build_object('datastreams', json_build_object('nodes', (SELECT coalesce(json_agg(x), '[]') FROM (
    SELECT d.id, d.title, d.unit,
      json_build_object('id', t.id, 'name', t.name, 'place', ST_AsGeoJSON(t.place, 7)::json) AS thing
    FROM lorawan_datastream d
    JOIN lorawan_thing t ON t.tenant_id = d.tenant_id AND t.id = d.thing_id
    WHERE d.tenant_id = $1 ORDER BY d.series, d.id LIMIT 10
  ) x)))
))
