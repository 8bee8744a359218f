-- The browser and the system of a session of the console, in words: `Chrome · Windows`. Empty if they are not known.
ALTER TABLE staff_sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
