SELECT json_build_object('data', json_build_object('healthDirectory', json_build_object('service', (
  SELECT row_to_json(x) FROM (
    SELECT s.id, s.name, s.alternate_name AS "alternateName", s.description, s.url, s.email,
      s.fees_description AS "feesDescription", s.opening_hours AS "openingHours",
      s.appointment_required AS "appointmentRequired", s.telehealth, s.verified_on AS "verifiedOn",
      to_char(s.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "updatedAt",
      json_build_object('id', o.id, 'name', o.name, 'website', o.website) AS organization
    FROM health_directory_service s
    JOIN health_directory_organization o ON o.tenant_id = s.tenant_id AND o.id = s.organization_id
    WHERE s.tenant_id = $1 AND s.id = $2 AND s.status IN ('active', 'temporarily closed')
  ) x
))))
