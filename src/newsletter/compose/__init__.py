"""Issue to ComposedIssue: template, MJML, inlined HTML, plain text, MIME skeleton."""
