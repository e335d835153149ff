SELECT json_object('data', json_object('healthDirectory', json_object('service', json((
  SELECT json_object(
    'id', s.id, 'name', s.name, 'alternateName', s.alternate_name, 'description', s.description, 'url', s.url,
    'email', s.email, 'feesDescription', s.fees_description, 'openingHours', s.opening_hours,
    'appointmentRequired', json(CASE s.appointment_required WHEN 1 THEN 'true' ELSE 'false' END),
    'telehealth', json(CASE s.telehealth WHEN 1 THEN 'true' ELSE 'false' END), 'verifiedOn', s.verified_on,
    'updatedAt', substr(s.updated_at, 1, 23) || 'Z',
    'organization', json_object('id', o.id, 'name', o.name, 'website', o.website))
  FROM health_directory_service s
  JOIN health_directory_organization o ON o.tenant_id = s.tenant_id AND o.id = s.organization_id
  WHERE s.tenant_id = :tenant AND s.id = :id AND s.status IN ('active', 'temporarily closed')
)))))
