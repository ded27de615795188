"""Our lint of templates' MJML, HTML and CSS, before a compiler sees them."""
