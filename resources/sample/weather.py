"""The data: daily weather of Seattle and New York, 2012 to 2015, and what is learned from it.

The task: name a day's weather (drizzle, fog, rain, snow, sun) from what the station's instruments measured that day, the day
before and the day after, the season and the place. Days of 2012 to 2014 are for training, those of 2015 for validation.
"""

import csv
import math
from datetime import date
from pathlib import Path

DATA = Path(__file__).parent / "data" / "weather.csv"
KINDS = ["drizzle", "fog", "rain", "snow", "sun"]
FEATURES = [f"{name}_{day}" for day in ("before", "today", "after") for name in ("warmest", "coldest", "range", "wind", "rain")] + [
    "season_sin",
    "season_cos",
    "is_seattle",
]


def measured(row):
    """What the instruments measured that day. Rain as a logarithm: from none to a drop is more than from 40 to 41 mm."""
    warmest, coldest = float(row["temp_max"]), float(row["temp_min"])
    return [warmest, coldest, warmest - coldest, float(row["wind"]), math.log1p(10 * float(row["precipitation"]))]


def load(path=DATA):
    """A list of days: {date, place, features: list of len(FEATURES) floats, kind: index into KINDS}."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    days = []
    for before, today, after in zip(rows, rows[1:], rows[2:]):
        if not before["location"] == today["location"] == after["location"]:
            continue
        angle = 2 * math.pi * date.fromisoformat(today["date"]).timetuple().tm_yday / 365.25
        season = [math.sin(angle), math.cos(angle)]
        place = [1.0 if today["location"] == "Seattle" else 0.0]
        days.append(
            {
                "date": today["date"],
                "place": today["location"],
                "features": measured(before) + measured(today) + measured(after) + season + place,
                "kind": KINDS.index(today["weather"]),
            }
        )
    return days


def split(days, first_validation_day="2015-01-01"):
    """(training, validation): the past and what came after it, so that no day is judged by its own neighbours."""
    training = [day for day in days if day["date"] < first_validation_day]
    validation = [day for day in days if day["date"] >= first_validation_day]
    return training, validation


def folds(days, count):
    """`count` pairs (training, validation); each validation part is one stretch of time of each place."""
    ordered = sorted(days, key=lambda day: (day["date"], day["place"]))
    size = len(ordered) / count
    for index in range(count):
        start, end = round(index * size), round((index + 1) * size)
        yield ordered[:start] + ordered[end:], ordered[start:end]


def standardise(training, validation):
    """Both lists of days with each feature scaled to mean 0 and deviation 1 over the training days."""
    columns = list(zip(*(day["features"] for day in training)))
    means = [sum(column) / len(column) for column in columns]
    deviations = [
        math.sqrt(sum((value - mean) ** 2 for value in column) / len(column)) or 1.0 for column, mean in zip(columns, means)
    ]

    def scaled(day):
        values = [(value - mean) / deviation for value, mean, deviation in zip(day["features"], means, deviations)]
        return {**day, "features": values}

    return [scaled(day) for day in training], [scaled(day) for day in validation], {"mean": means, "deviation": deviations}
