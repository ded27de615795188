"""The database's way from each release to the next; a migration never imports tables.py."""
