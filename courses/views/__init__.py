"""Views: parse, call one flow, respond."""
