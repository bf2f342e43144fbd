"""A made-up city to learn and test with: an aerial picture, roads, zones and crashes, and the risk they were drawn from.

Everything in it is synthetic. It lies on the open Atlantic, where nobody can take it for a real town.
"""

from mmrisk_core.sample_city.making import SampleCity, make_sample_city

__all__ = ["SampleCity", "make_sample_city"]
