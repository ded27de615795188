"""The message as bytes: MIME, headers, slots, and the skeleton that is filled for each reader."""
