"""The months and weekdays in English, in lower case, for every check that reads dates in words."""

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ANY_MONTH = "|".join(MONTHS)  # for a regular expression
