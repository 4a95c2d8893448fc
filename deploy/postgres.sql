-- PostgreSQL for a chain: two roles. medspa_owner makes and changes the tables; medspa_program works with them, owns
-- nothing, and can neither change nor remove a line of the audit log, nor switch off what guards it.
--
-- 1. As the server's administrator:   psql -v owner_password=... -v program_password=... -f deploy/postgres.sql
-- 2. Make the tables as their owner:  MEDSPA_DATABASE_URL=postgresql://medspa_owner:...@host/medspa python -m medspa_core first-start --empty
-- 3. As the administrator again:      psql -d medspa -f deploy/postgres_rights.sql
-- 4. Run the program as the other:    MEDSPA_DATABASE_URL=postgresql://medspa_program:...@host/medspa
--
-- After an update of the program repeat 2 and 3. A backup takes the place of the records as the owner, too:
--    MEDSPA_DATABASE_URL=postgresql://medspa_owner:...@host/medspa python -m medspa_core restore DIR --instead

CREATE ROLE medspa_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE medspa_program LOGIN PASSWORD :'program_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE medspa OWNER medspa_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
REVOKE ALL ON DATABASE medspa FROM PUBLIC;
GRANT CONNECT ON DATABASE medspa TO medspa_program;
