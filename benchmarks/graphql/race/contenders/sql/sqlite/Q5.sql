SELECT json_object('data', json_object(
  'tenant', (SELECT json_object('slug', slug, 'name', name) FROM tenant WHERE id = :tenant),
  'measures', json_object('nodes', json((
    SELECT json_group_array(json_object('key', key, 'title', title, 'lead', lead, 'fromYear', from_year)) FROM (
      SELECT key, title, lead, from_year
      FROM core_measure WHERE tenant_id = :tenant ORDER BY position, key, id LIMIT 10
    )))),
  'atlas', json_object(
    'topics', json_object('nodes', json((
      SELECT json_group_array(json_object('key', key, 'title', title)) FROM (
        SELECT key, title FROM atlas_topic WHERE tenant_id = :tenant ORDER BY title, id LIMIT 20
      )))),
    'procedures', json_object('nodes', json((
      SELECT json_group_array(json_object(
        'id', id, 'slug', slug, 'title', title, 'summary', summary, 'kind', upper(kind),
        'publishedAt', substr(published_at, 1, 23) || 'Z')) FROM (
        SELECT id, slug, title, summary, kind, published_at
        FROM atlas_procedure WHERE tenant_id = :tenant AND published_at IS NOT NULL
        ORDER BY published_at DESC, id LIMIT 10
      ))))),
  'healthDirectory', json_object('organizations', json_object('nodes', json((
    SELECT json_group_array(json_object('id', id, 'name', name, 'website', website)) FROM (
      SELECT id, name, website
      FROM health_directory_organization WHERE tenant_id = :tenant ORDER BY name, id LIMIT 10
    ))))),
  'booking', json_object(
    'places', json_object('nodes', json((
      SELECT json_group_array(json_object(
        'id', id, 'name', name, 'address', address,
        'wheelchair', json(CASE wheelchair WHEN 1 THEN 'true' WHEN 0 THEN 'false' END),
        'position', json(position))) FROM (
        SELECT id, name, address, wheelchair, position
        FROM booking_place WHERE tenant_id = :tenant ORDER BY name, id LIMIT 20
      )))),
    'resources', json_object('nodes', json((
      SELECT json_group_array(json_object(
        'id', id, 'name', name, 'persons', persons,
        'place', json_object('id', place_id, 'name', place_name))) FROM (
        SELECT r.id, r.name, r.persons, p.id AS place_id, p.name AS place_name
        FROM booking_resource r
        JOIN booking_place p ON p.tenant_id = r.tenant_id AND p.id = r.place_id
        WHERE r.tenant_id = :tenant AND r.active ORDER BY r.name, r.id LIMIT 10
      ))))),
  'lorawan', json_object('datastreams', json_object('nodes', json((
    SELECT json_group_array(json_object(
      'id', id, 'title', title, 'unit', unit,
      'thing', json_object('id', thing_id, 'name', name, 'place', json(place)))) FROM (
      SELECT d.id, d.title, d.unit, t.id AS thing_id, t.name, t.place
      FROM lorawan_datastream d
      JOIN lorawan_thing t ON t.tenant_id = d.tenant_id AND t.id = d.thing_id
      WHERE d.tenant_id = :tenant ORDER BY d.series, d.id LIMIT 10
    )))))
))
