"""What argparse and click made of the command line, defaults included."""

import sys
from _thread import get_ident

from .write import MAX_BYTES, encode, first, is_main, now, safe, store

MAX_PARSES = 16
_SUPPRESS = "==SUPPRESS=="

_parses = []
_parsing = set()


def watch_argparse(module):
    """Note the outcome of the outermost parse; what it calls in turn (subparsers, parse_known_args) is part of it."""
    parser = module.ArgumentParser
    for name in ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args"):
        if name in vars(parser):
            setattr(parser, name, _watched_parse(vars(parser)[name]))


def _watched_parse(original):
    def parse(self, *args, **kwargs):
        thread = get_ident()
        if thread in _parsing:
            return original(self, *args, **kwargs)
        _parsing.add(thread)
        try:
            result = original(self, *args, **kwargs)
        finally:
            _parsing.discard(thread)
        try:
            if is_main():
                _note(_of_argparse(self, args[0] if args else kwargs.get("args"), result))
        except Exception:
            pass
        return result

    return _as(parse, original)


def _as(wrapper, original):
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(wrapper, name, getattr(original, name))
    wrapper.__wrapped__ = original
    return wrapper


def _of_argparse(parser, given, result):
    namespace, rest = result if isinstance(result, tuple) else (result, [])
    values = dict(vars(namespace))
    defaults, flags = {}, {}
    _options(parser, values, defaults, flags, 0)
    words = sys.argv[1:]
    return {
        "parser": "argparse",
        "command": safe(parser.prog),
        "from_command_line": given is None or (isinstance(given, (list, tuple)) and list(given) == words),
        "values": values,
        "defaults": defaults,
        "flags": flags,
        "unparsed": [word for word in rest if isinstance(word, str)],
    }


def _options(parser, values, defaults, flags, depth):
    """Collect the parser's options, and those of the subparser that was chosen."""
    defaults.update({name: value for name, value in parser._defaults.items() if name in values})
    for action in parser._actions:
        name = action.dest
        if name in values:
            if not (isinstance(action.default, str) and action.default == _SUPPRESS):
                defaults[name] = action.default
            if action.option_strings:
                flags[name] = list(action.option_strings)
        choices = getattr(action, "choices", None)
        if depth < 4 and type(action).__name__ == "_SubParsersAction" and isinstance(choices, dict):
            # With no name for the choice, which one was taken cannot be told.
            chosen = choices.get(values.get(name))
            if chosen is not None:
                _options(chosen, values, defaults, flags, depth + 1)


def watch_click(module):
    """Note a command's parameters as it is invoked: a group's, then its subcommand's."""
    command = module.Command
    original = command.invoke

    def invoke(self, ctx):
        try:
            if is_main():
                _note(_of_click(self, ctx))
        except Exception:
            pass
        return original(self, ctx)

    command.invoke = _as(invoke, original)


def _of_click(command, ctx):
    values, defaults, flags = dict(ctx.params), {}, {}
    for option in command.params:
        if option.name in values:
            if not callable(option.default):
                defaults[option.name] = option.default
            flags[option.name] = list(option.opts) + list(option.secondary_opts)
            if getattr(option, "hide_input", False):
                values[option.name] = defaults[option.name] = "***"
    return {
        "parser": "click",
        "command": ctx.command_path,
        "from_command_line": None,
        "values": values,
        "defaults": defaults,
        "flags": flags,
        "unparsed": [word for word in ctx.args if isinstance(word, str)],
    }


def _note(parse):
    """Keep a parse, within bounds, and write all of them."""
    if len(_parses) >= MAX_PARSES:
        return
    kept = {"time": now(), "left_out": []}
    for name, part in parse.items():
        kept[name] = safe(part) if not isinstance(part, dict) else {}
    room = MAX_BYTES // 2 - sum(len(encode(earlier)) for earlier in _parses)
    for name in first(parse["values"]):
        one = {part: safe(parse[part][name], 1) for part in ("values", "defaults", "flags") if name in parse[part]}
        room -= len(encode(one)) + 2 * len(name)
        if room < 0:
            kept["left_out"].append(name[:200])
            continue
        for part, value in one.items():
            kept[part][safe(name)] = value
    kept["left_out"] = kept["left_out"][:100]
    _parses.append(kept)
    store("argparse", {"parses": _parses})
