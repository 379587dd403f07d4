"""Questions that a screen asks before it goes on."""
