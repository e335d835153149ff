SELECT json_build_object('data', json_build_object('booking', json_build_object('resources', json_build_object(
  'nodes', (SELECT coalesce(json_agg(x), '[]') FROM (
    SELECT r.id, r.name, r.persons, json_build_object('id', p.id, 'name', p.name) AS place,
      json_build_object('nodes', (SELECT coalesce(json_agg(b), '[]') FROM (
        SELECT to_char(b.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startsAt",
          to_char(b.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "endsAt",
          b.quantity
        FROM booking_booking b
        WHERE b.tenant_id = $1 AND b.resource_id = r.id AND b.ends_at > $2
          AND (b.state IN ('pending', 'confirmed') OR (b.state = 'held' AND b.expires_at > now()))
        ORDER BY b.starts_at, b.id LIMIT 5
      ) b)) AS bookings
    FROM booking_resource r
    JOIN booking_place p ON p.tenant_id = r.tenant_id AND p.id = r.place_id
    WHERE r.tenant_id = $1 AND r.active AND r.kind = 'room'
    ORDER BY r.name, r.id LIMIT 20
  ) x)
))))
