import { createRunsService } from '../../service.ts'
import { openTestProject, START } from '../../test-project.fixture.ts'
import { openRunIndex } from '../run-index.ts'

/** Writes into the project of a folder and stores its table, over and over, until it is killed; a line on its output once the first is stored. */
if (import.meta.main) {
  const [folder = '', seed = '0'] = process.argv.slice(2)
  const project = openTestProject('test', folder)
  const runs = createRunsService(() => 'unnamed')
  const index = openRunIndex(project, { leastRuns: 1, sliceMs: 0 })
  const mine: string[] = []
  for (let round = 0; ; round++) {
    const storing = index.store()
    const { id } = await runs.createRun(project, { source: 'client', name: `run ${seed}-${round}` })
    mine.push(id)
    const other = mine[(round * 7) % mine.length] ?? id
    await runs.logParams(project, id, [{ key: 'lr', value: String(round) }], 'logged', null)
    await runs.setTags(project, other, [{ key: 'team', value: `t${round % 3}` }])
    await runs.logMetrics(project, other, [{ key: 'loss', step: round, value: 1 / (round + 1), time: START + round }])
    if (round % 10 === 9)
      await project.commits.enqueue(() => {
        const gone = mine.shift() ?? ''
        const number = project.db.value<number>('SELECT number FROM run WHERE id = ?', gone) ?? 0
        project.db.run('DELETE FROM run WHERE number = ?', number)
        project.metrics.deleteRun(number)
      })
    if (round % 25 === 24) await project.metrics.compactNow()
    await storing
    // The first round found no run to store.
    if (round === 1) process.stdout.write('stored\n')
  }
}
