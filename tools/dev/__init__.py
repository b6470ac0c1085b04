"""What `./dev` does: one module per idea, the standard library only."""
