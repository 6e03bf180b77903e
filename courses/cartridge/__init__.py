"""IMS Common Cartridges (1.0 to 1.3, IMS Global / 1EdTech) read into plans for a course. Nothing here writes anything."""
