"""The article in a web page's HTML; runs in the page child."""
