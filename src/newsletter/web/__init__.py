"""Pages in the browser, on loopback: the preview and the built-in inbox."""
