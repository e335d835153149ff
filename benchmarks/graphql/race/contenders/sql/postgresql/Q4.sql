SELECT json_build_object('data', json_build_object('lorawan', json_build_object('datastream', (
  SELECT row_to_json(x) FROM (
    SELECT d.title, d.unit, json_build_object('name', v.name, 'devEui', v.dev_eui) AS device,
      json_build_object('nodes', (SELECT coalesce(json_agg(o), '[]') FROM (
        SELECT to_char(timestamp 'epoch' + ts * interval '1 millisecond', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS time, value
        FROM lorawan_observation
        WHERE tenant_id = $1 AND series = d.series AND ts >= $3 AND ts < $4
        ORDER BY ts LIMIT 1000
      ) o)) AS observations
    FROM lorawan_datastream d
    JOIN lorawan_device v ON v.tenant_id = d.tenant_id AND v.id = d.device_id
    WHERE d.tenant_id = $1 AND d.id = $2
  ) x
))))
