"""The render child and the parent's side of it: Jinja2, lint, mrml and premailer under limits."""
