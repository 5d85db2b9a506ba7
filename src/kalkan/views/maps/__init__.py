"""The ground, and what stands and flies over it."""
