"""What the web pages and the API share: who is calling, cross-site protection, language, refusals as problem+json."""
