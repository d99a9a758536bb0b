"""What the web pages and the API share.

Who is calling, cross-site protection, language, refusals as problem+json.
"""
