#!/bin/sh
# Runs once, when the database server makes its first files: a login and a database for Keycloak.
set -eu
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$KEYCLOAK_DB_PASSWORD" <<'SQL'
CREATE ROLE keycloak LOGIN PASSWORD :'password';
CREATE DATABASE keycloak OWNER keycloak;
REVOKE CONNECT ON DATABASE keycloak FROM PUBLIC;
SQL
