-- The key of a picture outside the database, in a folder or a bucket; empty if it has never been there. `bytes` is empty where the
-- picture is only there. While a picture is moved, both are set.
ALTER TABLE pictures ADD COLUMN object TEXT NOT NULL DEFAULT '';
ALTER TABLE after_sale_pictures ADD COLUMN object TEXT NOT NULL DEFAULT '';
