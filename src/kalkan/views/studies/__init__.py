"""The studies about what is not known: asked as functions, and what they found."""
