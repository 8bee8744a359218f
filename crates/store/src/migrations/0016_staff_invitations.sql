-- Links with which people of the shop set their own password and second factor. `id` is the SHA-256 of the link's token.
CREATE TABLE staff_invitations (
    name       TEXT   PRIMARY KEY,
    id         TEXT   NOT NULL UNIQUE,
    totp       TEXT   NOT NULL,
    expires_ms BIGINT NOT NULL
);
