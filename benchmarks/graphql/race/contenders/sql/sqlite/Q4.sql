SELECT json_object('data', json_object('lorawan', json_object('datastream', json((
  SELECT json_object(
    'title', d.title, 'unit', d.unit, 'device', json_object('name', v.name, 'devEui', v.dev_eui),
    'observations', json_object('nodes', json((
      SELECT json_group_array(json_object('time', time, 'value', value)) FROM (
        SELECT strftime('%Y-%m-%dT%H:%M:%S', ts / 1000, 'unixepoch') || printf('.%03dZ', ts % 1000) AS time, value
        FROM lorawan_observation
        WHERE tenant_id = :tenant AND series = d.series AND ts >= :from AND ts < :to
        ORDER BY ts LIMIT 1000
      )
    ))))
  FROM lorawan_datastream d
  JOIN lorawan_device v ON v.tenant_id = d.tenant_id AND v.id = d.device_id
  WHERE d.tenant_id = :tenant AND d.id = :id
)))))
