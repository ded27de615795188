"""One file a migration, v0001 first."""
