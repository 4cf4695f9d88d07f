"""大屏: the city or an area on a wall, without controls."""
