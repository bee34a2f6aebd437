import type { WriteDb } from '#electron/db/connection.ts'

/** What has been written to a project since it was last asked. */
export type ChangedRuns = {
  /** Numbers of runs whose row, parameters, tags or facts were written, and whether an experiment was. */
  readonly take: () => {
    readonly runs: readonly number[]
    readonly experiments: boolean
    /** Numbers of runs that lost a series. */
    readonly series: readonly number[]
  }
}

const WATCHED: readonly (readonly [table: string, column: string])[] = [
  ['run', 'number'],
  ['param', 'run'],
  ['tag', 'run'],
  ['run_fact', 'run'],
  ['run_dataset', 'run'],
]

/**
 * Notes every write on this connection by triggers of its own (temporary: nothing of them is in the file). So the index follows the database
 * whoever writes, undo and rolled back writes included, and no writer has to remember to say so.
 */
export function watchChangedRuns(db: WriteDb): ChangedRuns {
  db.exec(`
    CREATE TEMP TABLE IF NOT EXISTS changed_run (number INTEGER PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS changed_series (number INTEGER PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS changed_experiment (id TEXT PRIMARY KEY) WITHOUT ROWID;
    ${WATCHED.flatMap(([table, column]) => [
      trigger(table, 'INSERT', `NEW.${column}`),
      trigger(table, 'UPDATE', `NEW.${column}`),
      trigger(table, 'DELETE', `OLD.${column}`),
    ]).join('\n')}
    CREATE TEMP TRIGGER IF NOT EXISTS note_series AFTER UPDATE OF deleted ON main.metric_series BEGIN
      INSERT INTO changed_series SELECT NEW.run_id
       WHERE NOT EXISTS (SELECT 1 FROM changed_series WHERE number = NEW.run_id);
    END;
    ${(['INSERT', 'UPDATE', 'DELETE'] as const)
      .map(
        (event) =>
          `CREATE TEMP TRIGGER IF NOT EXISTS note_experiment_${event.toLowerCase()} AFTER ${event} ON main.experiment BEGIN
             INSERT INTO changed_experiment SELECT ${event === 'DELETE' ? 'OLD' : 'NEW'}.id
              WHERE NOT EXISTS (SELECT 1 FROM changed_experiment WHERE id = ${event === 'DELETE' ? 'OLD' : 'NEW'}.id);
           END;`,
      )
      .join('\n')}
  `)
  return {
    take() {
      const runs = taken(db, 'changed_run')
      const series = taken(db, 'changed_series')
      const experiments = db.value<number>('SELECT 1 FROM changed_experiment LIMIT 1') === 1
      if (experiments) db.run('DELETE FROM changed_experiment')
      return { runs, experiments, series }
    },
  }
}

function taken(db: WriteDb, table: 'changed_run' | 'changed_series'): readonly number[] {
  const numbers = db
    .prepare(`SELECT number FROM ${table} ORDER BY number`)
    .rows<readonly [number]>()
    .map(([number]) => number)
  if (numbers.length > 0) db.run(`DELETE FROM ${table}`)
  return numbers
}

/** A conflict clause inside a trigger is overruled by the outer statement's, so the row is looked for first. */
function trigger(table: string, event: 'INSERT' | 'UPDATE' | 'DELETE', value: string): string {
  return `CREATE TEMP TRIGGER IF NOT EXISTS note_${table}_${event.toLowerCase()} AFTER ${event} ON main.${table} BEGIN
            INSERT INTO changed_run SELECT ${value} WHERE NOT EXISTS (SELECT 1 FROM changed_run WHERE number = ${value});
          END;`
}
