import { createServer, type Server } from 'node:net'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BuiltApp, endOf, openBuiltApp } from '../support/built-app.ts'
import { eventually } from '#test/setup/eventually.ts'
import { type Disk, guardedFolder, smallDisk, whyNoDisks } from './support/disks.ts'

const noDisks = whyNoDisks()

let app: BuiltApp
const disks: Disk[] = []
const withDisk = <D extends Disk>(disk: D): D => {
  disks.push(disk)
  return disk
}
beforeEach(async () => {
  app = await openBuiltApp()
})
afterEach(async () => {
  for (const disk of disks.splice(0)) disk.remove()
  await app.close()
})

const run = (cwd: string, ...words: readonly string[]) => app.benchtop(['run', '-q', ...words], { cwd })
const names = async (cwd: string): Promise<readonly string[]> => {
  const { stdout } = await app.benchtop(['runs', '--json'], { cwd })
  return stdout === '' ? [] : (JSON.parse(stdout) as readonly { name: string }[]).map(({ name }) => name)
}

function folderOf(name: string): string {
  const folder = join(app.home, '..', name)
  mkdirSync(folder, { recursive: true })
  return folder
}

describe('a port that is taken', () => {
  it('by another program is refused in words, with a way out, and no command runs', async () => {
    const squatter = await new Promise<Server>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
    })
    const address = squatter.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    writeFileSync(join(app.home, 'address.json'), JSON.stringify({ port, host: '127.0.0.1' }))
    const marker = join(app.project, 'ran')
    const refused = await run(app.project, 'touch', marker)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toBe(
      `Port ${port} on 127.0.0.1 is taken by another program, or by another user's Benchtop.\nChoose another: npm start -- --port ${port + 1}\n`,
    )
    expect(existsSync(marker)).toBe(false)
    await new Promise((resolve) => squatter.close(resolve))
    // Free again, it is used again.
    expect((await run(app.project, 'touch', marker)).code).toBe(0)
    expect([existsSync(marker), app.backend().port]).toEqual([true, port])
  })

  it('by our own backend is that backend, however many ask at once', async () => {
    const ends = await Promise.all(Array.from({ length: 6 }, (_, index) => run(app.project, '-n', `r${index}`, 'true')))
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(ends.map(() => [0, '']))
    expect([...(await names(app.project))].toSorted()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5'])
    const { pid } = app.backend()
    await run(app.project, 'true')
    expect(app.backend().pid).toBe(pid)
  })

  it("by another user's backend is never another project", async () => {
    await run(app.project, 'true')
    const { port } = app.backend()
    const other = await openBuiltApp()
    try {
      writeFileSync(join(other.home, 'address.json'), JSON.stringify({ port, host: '127.0.0.1' }))
      const refused = await other.benchtop(['run', '-q', 'true'])
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`) })
    } finally {
      await other.close()
    }
  })
})

describe('a history that cannot be used', () => {
  it.each([
    [
      'random bytes',
      (file: string) => writeFileSync(file, randomBytes(200_000)),
      /^project\.db is not a database\.\nRestore it from a backup, or move the file away/,
    ],
    [
      'an empty text',
      (file: string) => writeFileSync(file, 'SQLite format 3\u0000 but not really'.padEnd(5_000)),
      /^(?:project\.db is not a database|The database project\.db is damaged)/,
    ],
    [
      'another program’s database',
      (file: string) => {
        const database = new Database(file)
        database.exec('CREATE TABLE photos (a); INSERT INTO photos VALUES (1)')
        database.close()
      },
      /^project\.db is a database of another program\.\nIt was left as it is\./,
    ],
  ])('%s is refused in words and left as it is; other projects go on', async (_, make, words) => {
    const folder = folderOf('broken')
    mkdirSync(join(folder, '.benchtop'))
    const file = join(folder, '.benchtop', 'project.db')
    make(file)
    const before = readFileSync(file)
    const refused = await run(folder, 'true')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(words) })
    expect(Buffer.compare(readFileSync(file), before)).toBe(0)
    expect((await run(app.project, 'true')).code).toBe(0)
  })

  it('of a newer version is refused in words, and left as it is', async () => {
    await run(app.project, '-n', 'old', 'true')
    await app.benchtop(['backend', 'stop'])
    const file = join(app.project, '.benchtop', 'project.db')
    const database = new Database(file)
    database.pragma('user_version = 99990')
    database.close()
    const refused = await app.benchtop(['runs'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/newer/)
    const again = new Database(file, { readonly: true })
    expect(again.pragma('user_version', { simple: true })).toBe(99_990)
    again.close()
  })

  it('cut short in the middle is told, and its backup brings it back', async () => {
    for (const name of ['a', 'b', 'c']) await run(app.project, '-n', name, 'true')
    const project = (await app.client().projects.recent({}))[0]?.id ?? ''
    const backup = await app.client().projects.backUpNow({ project })
    await app.benchtop(['backend', 'stop'])
    const file = join(app.project, '.benchtop', 'project.db')
    const whole = readFileSync(file)
    writeFileSync(file, whole.subarray(0, 20_000))
    const refused = await app.benchtop(['runs'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/damaged|not a database/) })
    await app.client().projects.restore({ folder: app.project, file: backup.file })
    expect(await names(app.project)).toEqual(['c', 'b', 'a'])
  })
})

describe('a folder that goes away while it is open', () => {
  it('is told, takes no other project down, and its history is offered again', async () => {
    const folder = folderOf('study')
    await run(folder, '-n', 'kept', 'true')
    await run(app.project, '-n', 'other', 'true')
    rmSync(join(folder, '.benchtop'), { recursive: true })
    await eventually(async () =>
      expect((await app.benchtop(['runs'], { cwd: folder })).stderr).toContain('is not a project yet'),
    )
    const { client } = app
    const look = await eventually(async () => {
      const found = await client().projects.look({ folder })
      expect(found.backups.length).toBeGreaterThan(0)
      return found
    })
    expect([look.isProject, look.backups[0]?.runs]).toEqual([false, 1])
    await client().projects.restore({ folder, file: look.backups[0]?.file ?? '' })
    expect(await names(folder)).toEqual(['kept'])
    expect(await names(app.project)).toEqual(['other'])
  })

  it('takes runs again once it is back, and anew where it is new', async () => {
    const folder = folderOf('study')
    await run(folder, '-n', 'first', 'true')
    renameSync(folder, `${folder}-away`)
    mkdirSync(folder)
    expect((await run(folder, '-n', 'in the new one', 'true')).code).toBe(0)
    expect(await names(folder)).toEqual(['in the new one'])
    expect(await names(`${folder}-away`)).toEqual(['first'])
  })

  it('does not end a command that runs in it', async () => {
    const folder = folderOf('study')
    const child = app.start(['run', '-n', 'brave', 'sh', '-c', 'echo up; read line; echo "got $line"; exit 5'], {
      cwd: folder,
    })
    let shown = ''
    child.stdout?.on('data', (piece: Buffer) => (shown += piece.toString()))
    await eventually(() => expect(shown).toContain('up'))
    rmSync(join(folder, '.benchtop'), { recursive: true })
    const end = await endOf(child, 'it\n')
    expect([end.code, shown]).toEqual([5, 'up\ngot it\n'])
    expect((await app.benchtop(['backend'])).code).toBe(0)
  })
})

describe.skipIf(noDisks !== undefined)(`disks${noDisks === undefined ? '' : ` (${noDisks})`}`, () => {
  it('a folder that is read-only has its history elsewhere, for good, and says so', async () => {
    const folder = folderOf('library')
    const guarded = withDisk(guardedFolder(folder))
    guarded.readOnly()
    expect((await run(folder, '-n', 'first', 'true')).code).toBe(0)
    const [project] = await app.client().projects.recent({})
    const { databaseElsewhere, database } = await app.client().projects.get({ project: project?.id ?? '' })
    expect(databaseElsewhere).toBe('The folder is read-only.')
    expect(database.startsWith(app.home)).toBe(true)
    guarded.writable()
    await app.benchtop(['backend', 'stop'])
    expect((await run(folder, '-n', 'second', 'true')).code).toBe(0)
    expect(await names(folder)).toEqual(['second', 'first'])
  })

  it('a history that can no longer be written is refused in words, not replaced by an empty one', async () => {
    const folder = folderOf('archive')
    const guarded = withDisk(guardedFolder(folder))
    await run(folder, '-n', 'first', 'true')
    await app.benchtop(['backend', 'stop'])
    guarded.readOnly()
    for (const words of [['runs'], ['run', 'true']]) {
      const refused = await app.benchtop(words, { cwd: folder })
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot be (?:written|opened)\.\nCheck/) })
    }
    guarded.writable()
    expect(await names(folder)).toEqual(['first'])
  })

  it('a full disk is told before a command starts; what was there stays, and it goes on once there is room', async () => {
    const folder = folderOf('small')
    withDisk(smallDisk(folder, 3))
    await run(folder, '-n', 'first', 'true')
    fill(join(folder, 'fill'))
    const refused = await run(folder, 'touch', join(app.home, 'ran'))
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The disk that holds .* is full\.\nFree some space/),
    })
    expect(existsSync(join(app.home, 'ran'))).toBe(false)
    expect(await names(folder)).toEqual(['first'])
    rmSync(join(folder, 'fill'))
    expect((await run(folder, '-n', 'second', 'true')).code).toBe(0)
    expect(await names(folder)).toEqual(['second', 'first'])
  })

  it('a disk that fills under a command ends neither it nor its run', async () => {
    const folder = folderOf('small')
    withDisk(smallDisk(folder, 6))
    // More output than the disk has room for; then it waits for room before it ends.
    const script =
      'i=0; while [ $i -lt 400 ]; do head -c 32768 /dev/zero | tr "\\0" x; echo; i=$((i+1)); done; echo "epoch 1 loss 0.5"; exit 3'
    const end = await app.benchtop(['run', '-q', '-n', 'wordy', 'sh', '-c', script], { cwd: folder })
    expect([end.code, end.stdout.length, end.stderr]).toEqual([3, 400 * 32_769 + 'epoch 1 loss 0.5\n'.length, ''])
    expect((await run(app.project, 'true')).code).toBe(0)
    for (const launch of readdirSync(join(folder, '.benchtop', 'launches')))
      rmSync(join(folder, '.benchtop', 'launches', launch, 'out.log'))
    await eventually(async () => {
      const { stdout } = await app.benchtop(['show', 'wordy', '--json'], { cwd: folder })
      expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', exitCode: 3 })
    })
  })

  it('a full disk is an answer that clients do not repeat for minutes, and no acknowledged point is lost', async () => {
    const folder = folderOf('small')
    withDisk(smallDisk(folder, 4))
    await run(folder, '-n', 'first', 'true')
    const project = (await app.client().projects.recent({})).find((one) => one.folder === folder)?.id ?? ''
    const { url } = app.backend()
    const api = (route: string, body: unknown): Promise<Response> =>
      fetch(`${url}/p/${project}/api/2.0/mlflow/${route}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
    const created = (await (await api('runs/create', { experiment_id: '0' })).json()) as {
      run: { info: { run_id: string } }
    }
    const id = created.run.info.run_id
    const batch = (from: number) => ({
      run_id: id,
      metrics: Array.from({ length: 1_000 }, (_, index) => ({
        key: 'loss',
        step: from + index,
        timestamp: from,
        value: Math.random(),
      })),
    })
    let acknowledged = 0
    let refusal: Response | undefined
    fill(join(folder, 'fill'), 300_000)
    while (refusal === undefined && acknowledged < 1_000_000) {
      const answer = await api('runs/log-batch', batch(acknowledged))
      if (answer.ok) acknowledged += 1_000
      else refusal = answer
    }
    // 408, 429, 500, 502, 503 and 504 are what the client tries again.
    expect(refusal?.status).toBe(507)
    expect(await refusal?.json()).toMatchObject({ message: expect.stringMatching(/is full/) })
    rmSync(join(folder, 'fill'))
    expect((await api('runs/log-batch', batch(acknowledged))).ok).toBe(true)
    const { step } = await app.client().metrics.series({ project, run: id, key: 'loss' })
    expect(step.length).toBe(acknowledged + 1_000)
    expect([...step].every((at, index) => at === index)).toBe(true)
  })
})

it('a history that is copied with its folder is another project', async () => {
  await run(app.project, '-n', 'first', 'true')
  await app.benchtop(['backend', 'stop'])
  const copy = `${app.project}-copy`
  cpSync(app.project, copy, { recursive: true })
  await run(copy, '-n', 'in the copy', 'true')
  expect(await names(copy)).toEqual(['in the copy', 'first'])
  expect(await names(app.project)).toEqual(['first'])
})

/** Fills the disk up to so many bytes. */
function fill(file: string, leave = 0): void {
  const block = Buffer.alloc(4_096)
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' })
  } catch {
    // It is full.
  }
  if (leave > 0) {
    const { size } = statSync(file)
    rmSync(file)
    writeFileSync(file, Buffer.alloc(size - leave))
  }
}
