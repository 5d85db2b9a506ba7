"""What radars see and fire units reach: pages, maps, files and pictures."""
