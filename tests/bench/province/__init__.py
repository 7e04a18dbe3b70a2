"""The benchmark at province size: `python -m tests.bench.province make|report|growth`. Not a test.

A made province (nobody in it exists) with 21 cities, about 130 counties, five years of recorded history and as many
assignments as asked for, an enterprise for every twenty; then what every reading and writing costs on it.
"""
