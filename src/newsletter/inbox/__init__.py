"""The built-in inbox: an SMTP server on loopback and the folder of mail that it caught."""
