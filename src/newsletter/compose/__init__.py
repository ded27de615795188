"""Issue to ComposedIssue: template, MJML, inlined HTML, plain text, MIME skeleton.

What templates see stands here; `lint` judges what they write, `render` runs them in a child
process, `message` makes the bytes.
"""
