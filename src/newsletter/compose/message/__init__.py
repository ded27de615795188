"""The message as octets: MIME, headers, slots, and the skeleton that is filled for each reader."""
