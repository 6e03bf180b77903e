"""The demo's three courses, in the order of the catalogue."""

from launch.demo.calligraphy import CALLIGRAPHY
from launch.demo.coffee import COFFEE
from launch.demo.ukulele import UKULELE

COURSES = (UKULELE, COFFEE, CALLIGRAPHY)
