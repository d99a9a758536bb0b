"""The tests mirror the code; start reading at cast.py and factories.py."""
