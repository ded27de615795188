"""What a person does, one module each; transactions begin here and nowhere to the right."""
