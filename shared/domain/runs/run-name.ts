const QUALITIES =
  `able airy amber ample azure bold brave brief bright brisk calm clear clever cool coral crisp curious daring deft eager
  early easy even exact fair fine firm fleet fresh frank gentle glad golden grand green handy happy hardy honest humble jolly
  keen kind lively lucid lucky merry mild neat nimble noble novel open patient plain plucky polite prime proud quick quiet
  rapid ready ruby rustic sharp silent silver sleek smooth snug sober solid spry stable steady still stout sturdy subtle
  sunny swift tidy tranquil trim true upbeat vivid warm wise witty young zesty`.split(/\s+/)

const THINGS =
  `acorn alder anchor aspen aster badger basin beacon birch bison bloom breeze brook canyon cedar cliff clover comet coral
  cove crane crater creek crow dale delta dove dune eagle ember falcon fern finch fjord forest fox garnet geyser glacier glade
  grove gull harbor hare haven hawk hazel heron hill ibis inlet iris island ivy jay juniper kestrel lagoon lake lark laurel
  lichen linden lynx maple marsh marten meadow mesa mink moor moss newt oak ocean opal orchid osprey otter owl pebble pelican
  pine plover pond poplar quail quartz raven reed reef ridge river robin rowan sage seal shore sparrow spring spruce stork
  stream summit swan teal tern thistle tide trout tulip valley vole walnut willow wren`.split(/\s+/)

/**
 * A name for a run that was given none: two words and a number, `calm-otter-417`.
 *
 * @param random gives numbers from 0 to below 1; with the same numbers the name is the same.
 */
export function makeRunName(random: () => number): string {
  return `${pick(QUALITIES, random)}-${pick(THINGS, random)}-${100 + indexBelow(900, random)}`
}

function pick(words: readonly string[], random: () => number): string {
  return words[indexBelow(words.length, random)] ?? 'plain'
}

function indexBelow(count: number, random: () => number): number {
  const chance = random()
  return Number.isNaN(chance) ? 0 : Math.min(count - 1, Math.max(0, Math.floor(chance * count)))
}
