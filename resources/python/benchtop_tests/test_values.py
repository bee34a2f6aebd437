"""Values: what counts as a number, how keys are made, what is cut."""

import argparse
import collections
import dataclasses
import decimal
import fractions
import json
import math
import types
import unittest

from _benchtop.values import MAX_KEY, MAX_RECORD, MAX_TEXT, flat, key_of, number, parts, plain


class Scalar:
    """As numpy scalars and 0-d tensors are: a number behind `item()`."""

    def __init__(self, value):
        self.value = value

    def item(self):
        if isinstance(self.value, list):
            raise ValueError("only arrays of one element have a value")
        return self.value


@dataclasses.dataclass
class Config:
    lr: float = 0.1
    model: object = None


class Numbers(unittest.TestCase):
    def test_numbers_stay_exact(self):
        for value in (0, -3, 2**53, 0.1, 1e-320, 1.7976931348623157e308, -0.0):
            self.assertEqual(repr(json.loads(json.dumps(number(value)))), repr(value))

    def test_what_json_lacks_becomes_text(self):
        self.assertEqual([number(float(name)) for name in ("nan", "inf", "-inf")], ["NaN", "Infinity", "-Infinity"])

    def test_other_kinds_of_numbers(self):
        given = [True, Scalar(2), Scalar(0.5), Scalar(math.inf), decimal.Decimal("0.25"), fractions.Fraction(1, 8), 2**60]
        self.assertEqual([number(value) for value in given], [1, 2, 0.5, "Infinity", 0.25, 0.125, float(2**60)])
        self.assertEqual(type(number(True)), int)

    def test_what_is_no_number_is_refused(self):
        for value in ("0.5", b"1", None, [1], {}, 1j, Scalar([1, 2]), Scalar("x"), object(), 10**400):
            with self.assertRaises((TypeError, ValueError, OverflowError), msg=repr(value)):
                number(value)


class Keys(unittest.TestCase):
    def test_nested_mappings_become_paths(self):
        given = {"a": {"b": {"c": 1}, "é": 2}, 3: 4, "empty": {}}
        self.assertEqual(dict(flat(given)), {"a/b/c": 1, "a/é": 2, "3": 4, "empty": {}})

    def test_configurations_of_every_shape(self):
        pair = collections.namedtuple("pair", "x y")
        shapes = [argparse.Namespace(lr=1), types.SimpleNamespace(lr=1), collections.OrderedDict(lr=1), Config(1)]
        self.assertEqual([dict(flat(shape))["lr"] for shape in shapes], [1, 1, 1, 1])
        self.assertEqual(dict(flat({"m": Config(2, pair(3, 4))})), {"m/lr": 2, "m/model/x": 3, "m/model/y": 4})

    def test_other_objects_are_refused(self):
        for value in (5, "text", [1], unittest.TestCase(), Config):
            with self.assertRaises(TypeError):
                list(flat(value))

    def test_a_mapping_that_holds_itself_ends(self):
        loop = {"x": 1}
        loop["self"] = loop
        self.assertIn("self/self/x", dict(flat(loop)))

    def test_long_keys_are_shortened_but_stay_distinct(self):
        one, two = key_of("k" * 300 + "1"), key_of("k" * 300 + "2")
        self.assertEqual((len(one), len(two)), (MAX_KEY, MAX_KEY))
        self.assertNotEqual(one, two)


class Texts(unittest.TestCase):
    def test_parameters_keep_their_type(self):
        given = [None, True, 3, 0.1, "é", math.nan, Scalar(7), Scalar(True), [1, "a"], (1, 2), {}, {1, 2} - {1}]
        given += [2**53, 2**53 + 1, -(2**64)]
        expected = [None, True, 3, 0.1, "é", "NaN", 7, True, '[1, "a"]', "[1, 2]", "{}", "{2}"]
        expected += [2**53, "9007199254740993", "-18446744073709551616"]
        self.assertEqual([plain(value) for value in given], expected)

    def test_what_json_cannot_say_becomes_its_text(self):
        loop = []
        loop.append(loop)
        self.assertEqual([plain(loop), plain(2j), plain([2j])], ["[[...]]", "2j", '["2j"]'])

    def test_a_long_text_is_cut_between_characters_and_said(self):
        ((part, cut),) = parts({"long": "é" * MAX_TEXT, "short": "x"})
        self.assertEqual(cut, {"long": 2 * MAX_TEXT})
        self.assertEqual((part["long"], part["short"]), ("é" * (MAX_TEXT // 2), "x"))

    def test_many_values_are_split_and_none_is_lost(self):
        given = {"key%d" % index: "x" * 900000 if index < 5 else index for index in range(100000)}
        pieces = [part for part, _ in parts(given)]
        together = {}
        for piece in pieces:
            together.update(piece)
            self.assertLess(len(json.dumps(piece)), 2 * MAX_RECORD)
        self.assertEqual(together, given)
        self.assertEqual(sum(len(piece) for piece in pieces), len(given))

    def test_the_cut_is_told_with_its_own_part(self):
        given = {"a": "x" * (MAX_TEXT + 1), "b": "y" * (MAX_TEXT + 2), "c": "z" * (MAX_TEXT + 3)}
        told = [(sorted(part), cut) for part, cut in parts(given)]
        for keys, cut in told:
            self.assertEqual(sorted(cut), keys)
        self.assertEqual([size for _, cut in told for size in cut.values()], [MAX_TEXT + 1, MAX_TEXT + 2, MAX_TEXT + 3])
