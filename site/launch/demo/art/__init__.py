"""The demo's pictures, drawn from shapes: one flat style, one palette, no font file and no outside picture."""
