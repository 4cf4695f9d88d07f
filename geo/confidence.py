"""Confidence of places and towns, 0 to 1, by what they rest on."""

# A text: what it states, in full unless stated otherwise (`geo.addresses`).
TOWN = 0.95  # with its county or the city
TOWN_ALONE = 0.85
TOWN_RENAMED = 0.85  # at most: a former name, or a county that the town left
TOWN_SHORT = 0.75  # a short name
TOWN_GONE = 0.8  # a town that is no more
VILLAGE = 0.88  # unique in the city, with its county
VILLAGE_COMMON = 0.75  # unique in its county, or without a county
COUNTY = 0.9  # also of a point in a county
COUNTY_SHORT = 0.75
COUNTY_OF_SHORT_TOWN = 0.7
COUNTY_OF_ZONE = 0.8
COUNTY_OF_LANDMARK = 0.7
TWO_READINGS = 0.5
NAME_LOSS = 0.1  # taken off where the name of a public body or a branch is read for its address
NAME_GUESS = 0.4  # at most: the name of any other shop
VILLAGE_IN_NAME = 0.7  # a town known by a village in the name of the shop
NAME_DISAGREES = 0.6  # an address in another county than the name of the shop

# A point (`geo.point_placing`, `geo.town_inference`).
COUNTY_AT_BORDER = 0.65  # within the uncertainty of the boundaries
COUNTY_OFF_COAST = 0.5  # off the coast, where land may have been made
TOWN_OFFICIAL = 0.95  # in a polygon of an official town layer
TOWN_OF_RECORDS = 0.85  # of labelled records nearby
TOWN_IN_BOX = 0.7  # nearest seat, within the bounding box of its town
TOWN_NEAREST = 0.6  # nearest seat, of a town without a bounding box
TOWN_OUT_OF_BOX = 0.45

# A text and a point together (`geo.agreement`).
POINT_GAIN = 0.04  # added by a point that agrees
MOST = 0.99
ACROSS_BORDER = COUNTY_AT_BORDER + 0.1  # at most: the point lies just across the coarse border
VILLAGE_AT_POINT = 0.85  # a village that is unique in the county of the point
CONTRADICTION = 0.5

# An answer of a person about a neighbouring address (`geo.learned_places`).
LEARNED = 0.65  # the county is known otherwise
LEARNED_ALONE = 0.5
LEARNED_POINT_GAIN = 0.1  # added by a point whose nearest town is the same
