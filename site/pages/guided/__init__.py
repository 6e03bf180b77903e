"""New course: one guided way from a title to something for sale, in Wagtail's admin.

It makes course, lessons, class, offer, goods and programme by their rooms' own flows, and keeps no draft of its own: what
a step saves is what will be sold.
"""
