"""Settings: frozen values, read once from newsletter.toml and the environment."""
