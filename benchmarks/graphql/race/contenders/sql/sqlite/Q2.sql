SELECT json_object('data', json_object('booking', json_object('resources', json_object('nodes', json((
  SELECT json_group_array(json_object(
    'id', id, 'name', name, 'persons', persons, 'place', json_object('id', place_id, 'name', place_name),
    'bookings', json_object('nodes', json((
      SELECT json_group_array(json_object('startsAt', starts_at, 'endsAt', ends_at, 'quantity', quantity)) FROM (
        SELECT substr(b.starts_at, 1, 23) || 'Z' AS starts_at, substr(b.ends_at, 1, 23) || 'Z' AS ends_at, b.quantity
        FROM booking_booking b
        WHERE b.tenant_id = :tenant AND b.resource_id = r.id AND b.ends_at > :from
          AND (b.state IN ('pending', 'confirmed') OR (b.state = 'held' AND b.expires_at > :now))
        ORDER BY b.starts_at, b.id LIMIT 5
      )
    )))))
  FROM (
    SELECT r.id, r.name, r.persons, p.id AS place_id, p.name AS place_name
    FROM booking_resource r
    JOIN booking_place p ON p.tenant_id = r.tenant_id AND p.id = r.place_id
    WHERE r.tenant_id = :tenant AND r.active AND r.kind = 'room'
    ORDER BY r.name, r.id LIMIT 20
  ) r
))))))
