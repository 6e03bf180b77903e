"""What pages show of courses."""
