-- What the program's role may do with the tables that are there. Safe to run again; run it after every update.

ALTER SCHEMA public OWNER TO medspa_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM medspa_program;
REVOKE ALL ON SCHEMA public FROM medspa_program;
GRANT USAGE ON SCHEMA public TO medspa_program;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO medspa_program;
REVOKE UPDATE, DELETE ON audit FROM medspa_program;
REVOKE INSERT, DELETE ON audit_head FROM medspa_program;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM medspa_program;
