-- The hashes of the recovery codes of an account that were not used, each followed by a semicolon.
ALTER TABLE staff ADD COLUMN recovery_codes TEXT NOT NULL DEFAULT '';
