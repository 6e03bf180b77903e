"""Notes and badges: limits, and by which rule somebody is called a helper or a creator."""

NOTE_PICTURE_BYTES = 8 * 1024 * 1024
# A helper: that many accepted answers, or thanks from that many people, within so many days.
HELPER_ANSWERS, HELPER_THANKS, HELPER_DAYS = 5, 20, 90
# A creator: that many notes, liked by that many people in all.
CREATOR_NOTES, CREATOR_LIKES = 5, 20
