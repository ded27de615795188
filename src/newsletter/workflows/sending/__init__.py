"""From a planned moment to the mail servers: release, freeze, send; stop, settle, take up again."""
