SELECT json_build_object('data', json_build_object('booking', json_build_object('resources', json_build_object(
  'nodes', (SELECT coalesce(json_agg(x), '[]') FROM (
    SELECT r.id, r.slug, r.name, upper(r.kind) AS kind, r.description, r.persons, r.wheelchair, r.units, r.equipment,
      json_build_object('id', p.id, 'name', p.name, 'address', p.address) AS place
    FROM booking_resource r
    JOIN booking_place p ON p.tenant_id = r.tenant_id AND p.id = r.place_id
    WHERE r.tenant_id = $1 AND r.active
    ORDER BY r.name, r.id LIMIT 100
  ) x)
))))
