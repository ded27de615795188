"""From the articles that came in to the stories of a draft, and what is known of each."""
