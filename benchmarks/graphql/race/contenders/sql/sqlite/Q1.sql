SELECT json_object('data', json_object('booking', json_object('resources', json_object('nodes', json((
  SELECT json_group_array(json_object(
    'id', id, 'slug', slug, 'name', name, 'kind', kind, 'description', description, 'persons', persons,
    'wheelchair', json(CASE wheelchair WHEN 1 THEN 'true' WHEN 0 THEN 'false' END), 'units', units,
    'equipment', json(equipment), 'place', json_object('id', place_id, 'name', place_name, 'address', address)))
  FROM (
    SELECT r.id, r.slug, r.name, upper(r.kind) AS kind, r.description, r.persons, r.wheelchair, r.units, r.equipment,
      p.id AS place_id, p.name AS place_name, p.address
    FROM booking_resource r
    JOIN booking_place p ON p.tenant_id = r.tenant_id AND p.id = r.place_id
    WHERE r.tenant_id = :tenant AND r.active
    ORDER BY r.name, r.id LIMIT 100
  )
))))))
