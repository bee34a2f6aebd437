import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Chance, openChance } from '#test/fixtures/chance.ts'
import { checkSurvivors } from '#test/fixtures/metrics/check-survivors.ts'
import { PLACES } from '#test/fixtures/metrics/kill-plan.ts'
import { createKilledWriters } from '#test/fixtures/metrics/killed-writers.ts'
import { openTestStore } from '#test/fixtures/metrics/open-test-store.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'

const ALL = process.env['BENCHTOP_REQUIRE_ALL'] === '1'
/** Five hundred where everything is asked for, some in the quick loop. */
const KILLS = ALL ? 500 : 20
/** Kills that a database lives through before a new one takes its place. */
const A_LIFE = 100
const LAYOUT = { layout: { chunkPoints: 32, linesABlock: 3 }, compactAtPoints: Infinity }

const places = Object.keys(PLACES)

/** Every third is killed from outside at any moment, the others at the places in turn. */
function fate(kill: number, chance: Chance): { readonly place: string | null; readonly nth: number } {
  const upTo = (limit: number): number => 1 + Math.floor(chance.between(0, limit))
  const place = kill % 3 === 0 ? undefined : places[(kill - Math.ceil(kill / 3)) % places.length]
  return place === undefined ? { place: null, nth: upTo(60) } : { place, nth: upTo(PLACES[place] ?? 1) }
}

test('every acknowledged point is there after each kill, and nothing hangs loose', { timeout: 900_000 }, async () => {
  const writers = await createKilledWriters(tempFolder())
  onTestFinished(writers.close)
  const chance = openChance('metric points killed')
  const met = new Map<string, number>()
  for (let life = 0; life * A_LIFE < KILLS; life++) {
    const folder = tempFolder()
    const file = join(folder, 'project.db')
    await openTestStore({}, folder).close()
    let next = 0
    let deleted = 0
    for (let kill = 0; kill < Math.min(A_LIFE, KILLS - life * A_LIFE); kill++) {
      const { place, nth } = fate(kill + life, chance)
      // Plans only arrive where there is another thread to make them.
      const beside = place === 'plans arrived' || kill % 2 === 0
      const killed = await writers.run({ file, first: next, beside, place, nth })
      met.set(killed.place, (met.get(killed.place) ?? 0) + 1)
      deleted = Math.max(deleted, killed.deleted)
      const { written } = killed
      // Of the round that was on its way anything may be there.
      const survivors = { written, sent: written + 3, deleted }
      const opened = openTestStore(LAYOUT, folder)
      checkSurvivors(opened, survivors)
      if (kill % 10 === 9) {
        await opened.store.compactNow()
        checkSurvivors(opened, survivors)
      }
      await opened.close()
      next = written + 1
    }
  }
  // All of them were come to, not only asked for.
  if (ALL) expect([...met.keys()].toSorted()).toEqual(['any moment', ...places].toSorted())
  console.log([...met].map(([place, times]) => `${times} ${place}`).join(', '))
})
