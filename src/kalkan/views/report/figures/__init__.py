"""One function per figure; each draws into Axes that it is given and returns nothing."""
