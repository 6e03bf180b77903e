"""Loads the demo through the rooms' own flows: weeks of a small school's life, each thing at its moment."""

from launch.demo.load.story import load

__all__ = ["load"]
