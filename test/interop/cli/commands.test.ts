import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type BuiltApp, COMMAND, endOf, openBuiltApp } from '../support/built-app.ts'
import { eventually } from '#test/setup/eventually.ts'

const TRAIN = `
import argparse, sys, time
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float, default=0.1)
parser.add_argument('--seed', type=int, default=0)
parser.add_argument('--epochs', type=int, default=3)
args = parser.parse_args()
for epoch in range(args.epochs):
    print(f'epoch {epoch} train_loss {args.lr / (epoch + 1):.4f} val_acc {0.5 + epoch * args.lr + args.seed / 1000:.4f}')
print('done', file=sys.stderr)
`

describeWith(['python', 'git'], 'the command line', ({ python }) => {
  let app: BuiltApp
  beforeAll(async () => {
    app = await openBuiltApp({ python })
    writeFileSync(join(app.project, 'train.py'), TRAIN)
    execFileSync('git', ['add', '.'], { cwd: app.project })
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '-qm', 'Train'], { cwd: app.project })
  })
  afterAll(() => app.close())

  it('says that a folder is no project, and changes nothing in it', async () => {
    const end = await app.benchtop(['runs'])
    expect(end).toMatchObject({ code: 1, stdout: '' })
    expect(end.stderr).toMatch(/is not a project yet\.\nbenchtop run makes it one/)
    expect(existsSync(join(app.project, '.benchtop'))).toBe(false)
  })

  it('runs a script that it has never seen, and tells in the end what differs from the run before', async () => {
    const command = ['python3', 'train.py']
    const first = await app.benchtop(['run', '-e', 'Étude', '-n', 'the base', '--', ...command])
    const printed =
      'epoch 0 train_loss 0.1000 val_acc 0.5000\nepoch 1 train_loss 0.0500 val_acc 0.6000\nepoch 2 train_loss 0.0333 val_acc 0.7000\n'
    expect(first).toMatchObject({ code: 0, signal: null, stdout: printed })
    const { url } = app.backend()
    expect(first.stderr).toMatch(
      new RegExp(
        `^done\n\nthe base #1 finished in [^\n]+\n {2}train_loss {2}0\\.0333\\d* at 2\n {2}val_acc {5}0\\.7000 at 2\n {2}${url}/#/p/project-[0-9a-f]{4}/runs/[0-9a-f]{32}\n$`,
      ),
    )
    appendFileSync(join(app.project, 'train.py'), '# one more line\n')
    const second = await app.benchtop(['run', '-n', 'other', ...command, '--lr', '0.2', '--epochs', '4'])
    expect(second.code).toBe(0)
    expect(second.stderr).toContain('other #2 finished')
    expect(second.stderr).toContain('against the base #1\n')
    // At step 2, the last that both have: 0.9 against 0.7.
    expect(second.stderr).toMatch(/^ {2}val_acc {5}1\.1000? at 3 {2}\+0\.2000? at 2$/m)
    expect(second.stderr).toMatch(/^ {2}changed {5}epochs 3 → 4; lr 0\.1 → 0\.2; \+1 −0 lines in 1 file$/m)
    expect(await app.benchtop(['run', '-q', ...command])).toEqual({
      code: 0,
      signal: null,
      stdout: printed,
      stderr: 'done\n',
    })
  })

  it('lists runs: filtered, sorted, with chosen columns, for eyes and for programs', async () => {
    const all = await app.benchtop(['runs', '--json'])
    expect(JSON.parse(all.stdout)).toMatchObject([
      { run: 3, status: 'finished', train_loss: 0.0333, val_acc: 0.7, lr: 0.1 },
      { run: 2, name: 'other', train_loss: 0.05, val_acc: 1.1, lr: 0.2 },
      { run: 1, name: 'the base' },
    ])
    const some = await app.benchtop([
      'runs',
      "val_acc > 0.6 and (name = 'the base' or lr > 0.15)",
      '-s',
      '-val_acc',
      '-c',
      'val_acc,metric:train_loss:max',
      '--csv',
    ])
    expect(
      some.stdout.split('\r\n').map((line) => line.split(',').filter((_, at) => at !== 3 && at !== 4 && at !== 7)),
    ).toEqual([
      ['run', 'name', 'status', 'val_acc', 'train_loss max'],
      ['2', 'other', 'finished', '1.1', '0.2'],
      ['1', 'the base', 'finished', '0.7', '0.1'],
      [''],
    ])
    const table = await app.benchtop(['runs', '-n', '1'])
    expect(table.stdout).toMatch(/^run {2}name +status +started +took +.*\n {2}3 {2}/)
    expect(table.stderr).toBe('The first 1 of 3; -n COUNT shows more.\n')
  })

  it('takes a project by its folder or its name, and the Inbox by its name', async () => {
    const [known] = JSON.parse((await app.benchtop(['runs', '-n', '1', '--json'])).stdout) as readonly object[]
    for (const given of [app.project, basename(app.project), basename(app.project).toUpperCase()]) {
      const { stdout } = await app.benchtop(['runs', '-n', '1', '--json', '-p', given])
      expect(JSON.parse(stdout)).toEqual([known])
    }
    expect(JSON.parse((await app.benchtop(['runs', '--json', '-p', 'Inbox'])).stdout)).toEqual([])
    const unknown = await app.benchtop(['runs', '-p', 'nowhere'])
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('nowhere') })
  })

  it('points at what is wrong in a filter, and says what no run has', async () => {
    const wrong = await app.benchtop(['runs', 'val_acc >> 0.8'])
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    expect(wrong.stderr).toBe('val_acc >> 0.8\n         ^\nA value should stand here, not ">".\n')
    expect((await app.benchtop(['runs', 'val_ac > 0.8'])).stderr).toBe('None of 3 runs matches. No run has val_ac.\n')
    const column = await app.benchtop(['runs', '-s', 'val_ac'])
    expect(column).toMatchObject({ code: 2, stderr: expect.stringContaining('No run has a val_ac.') })
  })

  it('shows a run by number, name, id and as the last one', async () => {
    const { id } = JSON.parse((await app.benchtop(['show', '1', '--json'])).stdout) as { id: string }
    for (const given of ['#1', 'the base', id, id.slice(0, 8)]) {
      const shown = await app.benchtop(['show', given])
      expect(shown.stdout).toMatch(new RegExp(`^Run\n {2}name +the base #1\n {2}id +${id}\n`))
    }
    const { stdout } = await app.benchtop(['show', 'last'])
    expect(stdout).toMatch(/^ {2}command +python3 train\.py$/m)
    expect(stdout).toMatch(/^Parameters\n {2}epochs +3 {1,2}\(captured\)$/m)
    expect(stdout).toMatch(/^ {2}val_acc +0\.7\d* at 2, 3 points$/m)
  })

  it('compares runs: the difference of the code, and the gap in standard deviations between seeds', async () => {
    for (const seed of ['1', '2', '3'])
      await app.benchtop(['run', '-q', 'python3', 'train.py', '--lr', '0.3', '--seed', seed])
    await app.benchtop(['run', '-q', 'python3', 'train.py', '--lr', '0.305'])
    const { stdout } = await app.benchtop(['compare', '4', '7', '--diff'])
    // The seeds' accuracies lie a thousandth apart, so their sd is 0.001; 1.110 is 9 of these from 1.101.
    expect(stdout).toMatch(/^ {2}val_acc max +1\.101\S* +1\.110\S*\* \+0\.009\S* \(9\.0 sd\)$/m)
    expect(stdout).toMatch(/^ {2}lr +0\.3 +0\.305$/m)
    const code = await app.benchtop(['compare', '1', '2', '-d'])
    expect(code.stdout).toMatch(/^ {2}lines +\+1 −0 in 1 file$/m)
    expect(code.stdout).toContain('\n+# one more line\n')
    expect(code.stdout).not.toContain('MLFLOW_TRACKING_URI')
    const json = JSON.parse(
      (await app.benchtop(['compare', 'the base', 'other', '--json'])).stdout,
    ) as readonly unknown[]
    expect(json).toContainEqual({ section: 'params', key: 'lr', 'the base #1': '0.1', 'other #2': '0.2' })
  })

  it('says of a run in the trash that it is there, and brings it back', async () => {
    await app.benchtop(['run', '-q', '-n', 'short lived', 'python3', 'train.py', '--lr', '0.9'])
    const { id: project } = await app.client().projects.open({ folder: app.project })
    const [run] = await app.client().runs.find({ project, text: 'short lived' })
    const number = run?.number ?? 0
    await app.client().runs.remove({ project, runs: [run?.id ?? ''] })
    for (const given of [`${number}`, `#${number}`, 'short lived', (run?.id ?? '').slice(0, 12)])
      expect(await app.benchtop(['compare', '4', given])).toMatchObject({
        code: 1,
        stderr: `The run #${number} short lived is in the trash.\nbenchtop restore ${number} brings it back, and so does the trash in the app.\n`,
      })
    expect((await app.benchtop(['compare', '4', '9999'])).stderr).toContain('There is no run 9999.')
    expect((await app.benchtop(['restore', '4'])).stderr).toBe(`There is no run 4 in the trash.\n`)
    expect(await app.benchtop(['restore', 'short lived'])).toMatchObject({
      code: 0,
      stdout: `Restored #${number} short lived.\n`,
    })
    expect(await app.benchtop(['compare', '4', `${number}`])).toMatchObject({ code: 0 })
  })

  it('prints every point of a metric', async () => {
    const csv = await app.benchtop(['metrics', 'the base', 'val_acc', '--csv'])
    expect(
      csv.stdout
        .trim()
        .split('\r\n')
        .map((line) => line.split(',').filter((_, at) => at !== 1)),
    ).toEqual([
      ['step', 'value'],
      ['0', '0.5'],
      ['1', '0.6'],
      ['2', '0.7'],
    ])
    const none = await app.benchtop(['metrics', '1', 'val_ac'])
    expect(none).toMatchObject({ code: 1, stderr: 'The run has no metric val_ac.\nIt has train_loss, val_acc.\n' })
  })

  it('lists registered models, one with its versions, and a version by its number or an alias', async () => {
    expect(await app.benchtop(['models'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('No model is registered here yet.'),
    })
    const { id: run } = JSON.parse((await app.benchtop(['show', '1', '--json'])).stdout) as { id: string }
    const [{ id: project } = { id: '' }] = await app.client().projects.recent({})
    const trackingUri = `${app.backend().url}/p/${project}`
    const call = async (path: string, body: object): Promise<void> => {
      const address = `${trackingUri}/api/2.0/mlflow/${path}`
      const headers = { 'content-type': 'application/json' }
      const { ok } = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })
      expect([path, ok]).toEqual([path, true])
    }
    await call('registered-models/create', { name: 'churn', description: '**Who** leaves' })
    for (const name of ['one', 'two'])
      await call('model-versions/create', { name: 'churn', run_id: run, source: `runs:/${run}/${name}` })
    await app.client().models.setAlias({ project, name: 'churn', version: 1, alias: 'champion' })
    const list = await app.benchtop(['models'])
    expect(list.stdout).toMatch(/^name +versions .*\nchurn +2 +2 .* @champion v1 .* the base #1 .* Who leaves\n$/)
    expect(JSON.parse((await app.benchtop(['models', '--json', '-p', basename(app.project)])).stdout)).toMatchObject([
      { name: 'churn', versions: 2, aliases: [{ alias: 'champion', version: 1 }] },
    ])
    expect((await app.benchtop(['models', 'churn'])).stdout).toMatch(/\n {8}2 {2}–.*\n {8}1 {2}@champion .*\n$/)
    const version = await app.benchtop(['models', 'models:/churn@champion'])
    expect(version.stdout).toContain(`mlflow.set_tracking_uri("${trackingUri}")\n`)
    expect(version.stdout).toContain(`made from   runs:/${run}/one\n`)
    expect((await app.benchtop(['show', '1'])).stdout).toMatch(
      /\nRegistered\n {2}churn\/2\n {2}churn\/1 {2}@champion\n$/,
    )
    expect(await app.benchtop(['models', 'nobody'])).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'There is no registered model nobody.\nThere is churn.\n',
    })
    expect(await app.benchtop(['models', 'churn/9'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('refuses what names no run, or several', async () => {
    await app.benchtop(['run', '-q', '-n', 'twin', 'true'])
    await app.benchtop(['run', '-q', '-n', 'twin', 'true'])
    expect(await app.benchtop(['show', 'twin'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^twin names 2 runs\.\nUse a number: #\d+ twin, #\d+ twin\.\n$/),
    })
    expect(await app.benchtop(['show', 'nosuch'])).toMatchObject({ code: 1, stderr: 'There is no run nosuch.\n' })
    expect(await app.benchtop(['show', 'the bas'])).toMatchObject({
      code: 1,
      stderr: 'There is no run the bas.\nNear it: #1 the base.\n',
    })
  })

  it('uses code 2 for what it cannot read, before anything happens', async () => {
    for (const words of [
      ['frob'],
      ['run'],
      ['show'],
      ['runs', '--frob'],
      ['runs', '--json', '--csv'],
      ['backend', 'frob'],
    ]) {
      const end = await app.benchtop(words)
      expect([words, end.code, end.stdout]).toEqual([words, 2, ''])
      expect(end.stderr).not.toBe('')
    }
    const help = await app.benchtop(['help', 'compare'])
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('benchtop compare RUN RUN...') })
  })

  it('ends as the command ends', async () => {
    const ends = async (script: string) => {
      const { code, signal } = await app.benchtop(['run', '-q', '--', 'sh', '-c', script])
      return { code, signal }
    }
    expect(await ends('exit 7')).toEqual({ code: 7, signal: null })
    expect(await ends('kill -TERM $$')).toEqual({ code: null, signal: 'SIGTERM' })
    expect(await ends('kill -SEGV $$')).toEqual({ code: null, signal: 'SIGSEGV' })
    const missing = await app.benchtop(['run', '--', 'no-such-program'])
    expect(missing).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('There is no program "no-such-program"'),
    })
    expect(missing.stderr).toContain('failed')
  })

  it('passes input and binary output through, and takes a closed pipe as the bare command does', async () => {
    const input = 'a line\nÜnï\n'
    expect(await app.benchtop(['run', '-q', 'cat'], { input })).toMatchObject({ code: 0, stdout: input })
    const shell = (line: string) =>
      execFileSync('bash', ['-c', line], {
        cwd: app.project,
        env: { ...app.environment },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    // 141 is how a shell tells SIGPIPE; the run must have an end, too.
    expect(shell(`${COMMAND} run -q -n piped yes | head -1; echo "\${PIPESTATUS[@]}"`)).toBe('y\n141 0\n')
    await eventually(async () =>
      expect((await app.benchtop(['show', 'piped'])).stdout).toMatch(/^ {2}status +failed: Ended by SIGPIPE\.$/m),
    )
    expect(shell(`${COMMAND} runs --json -n 50 | head -1; echo "\${PIPESTATUS[@]}"`)).toBe('[\n0 0\n')
  })

  it('starts in the background, where it is stopped by its name', async () => {
    const slow = 'import time\nprint("up", flush=True)\ntime.sleep(600)\n'
    writeFileSync(join(app.project, 'slow.py'), slow)
    const started = await app.benchtop(['run', '--detach', '-n', 'slow one', 'python3', 'slow.py'])
    expect(started).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^slow one #\d+ runs in the background\.\nhttp:/),
    })
    await eventually(async () =>
      expect((await app.benchtop(['runs', "name = 'slow one'", '--csv'])).stdout).toContain(',running,'),
    )
    expect(await app.benchtop(['backend', 'stop'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('A run is live.'),
    })
    expect((await app.benchtop(['stop', 'slow one'])).stdout).toMatch(/^Sent SIGINT; the next signal follows in \d+ s/)
    await eventually(async () =>
      expect((await app.benchtop(['show', 'slow one'])).stdout).toMatch(/^ {2}status +killed/m),
    )
    expect(await app.benchtop(['stop', 'slow one'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ended'),
    })
  })

  it('starts in the background with the environment of the terminal that asked, which is not kept', async () => {
    writeFileSync(
      join(app.project, 'cards.py'),
      'import os; print(os.environ["CUDA_VISIBLE_DEVICES"], os.environ["MY_WORD"])',
    )
    const environment = { CUDA_VISIBLE_DEVICES: '3', MY_WORD: 'kept nowhere' }
    await app.benchtop(['run', '-d', '-n', 'on a card', 'python3', 'cards.py'], { environment })
    await eventually(async () =>
      expect((await app.benchtop(['show', 'on a card'])).stdout).toMatch(/^ {2}status +finished$/m),
    )
    const client = app.client()
    const project = (await client.projects.recent({}))[0]?.id ?? ''
    const run = (await client.runs.find({ project, text: 'on a card' }))[0]?.id ?? ''
    expect((await client.launch.log({ project, run })).lines.map(({ text }) => text)).toEqual(['3 kept nowhere'])
    const shown = await client.runs.get({ project, run })
    expect([shown.environment?.['CUDA_VISIBLE_DEVICES'], shown.environment?.['MY_WORD']]).toEqual(['3', undefined])
    expect(JSON.stringify(await client.launch.specOf({ project, run }))).not.toContain('kept nowhere')
  })

  it('leads the script to itself, or leaves the tracking server that was there', async () => {
    const script = 'import os; print(os.environ.get("MLFLOW_TRACKING_URI"))'
    const environment = { MLFLOW_TRACKING_URI: 'http://tracking.example:5000' }
    const ours = await app.benchtop(['run', '-q', 'python3', '-c', script])
    expect(ours.stdout).toMatch(new RegExp(`^${app.backend().url}/l/[0-9a-z]+\n$`))
    const brought = await app.benchtop(['run', '-q', '--log-here', 'python3', '-c', script], { environment })
    expect(brought.stdout).toMatch(new RegExp(`^${app.backend().url}/l/[0-9a-z]+\n$`))
    const kept = await app.benchtop(['run', 'python3', '-c', script], { environment })
    expect(kept.stdout).toBe('http://tracking.example:5000\n')
    expect(kept.stderr).toContain('The script logs to http://tracking.example:5000')
    expect((await app.benchtop(['show', 'last', '--json'])).stdout).toContain(
      '"loggedElsewhere": "http://tracking.example:5000"',
    )
  })

  it('works by a link, by the file that npm links, from a folder below, and for a project named', async () => {
    const link = join(app.home, 'benchtop')
    symlinkSync(COMMAND, link)
    const version = execFileSync(link, ['--version'], { env: { ...app.environment }, encoding: 'utf8' })
    expect(version).toMatch(/^\d+\.\d+\.\d+\n$/)
    const npm = COMMAND.replace(/\.sh$/, '.cjs')
    expect(execFileSync(process.execPath, [npm, '--version'], { env: { ...app.environment }, encoding: 'utf8' })).toBe(
      version,
    )
    const child = app.start(['runs', '-n', '1', '--csv'], { cwd: join(app.project, '.git') })
    expect((await endOf(child)).stdout).toContain('finished')
    expect((await app.benchtop(['runs', '-n', '1', '--csv', '-p', '../project'], { cwd: app.home })).stdout).toContain(
      'finished',
    )
  })

  it('says what could be given back to the disk, and gives it back only when told to', async () => {
    const told = await app.benchtop(['gc'])
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(told.stdout).toMatch(/^database +\d.*B +\d.*B of it empty\nits log .*\nartifacts .*\n/)
    expect(told.stdout).toMatch(/There is nothing to give back\.|benchtop gc --apply gives \d.*B back to the disk\./)
    const { stdout } = await app.benchtop(['gc', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ databaseBytes: expect.any(Number), vacuum: { running: false } })
    expect((await app.benchtop(['gc', '--apply'])).stdout).toMatch(/\nGiven back: \d.*B\.\n$/)
    expect(JSON.parse((await app.benchtop(['gc', '--json'])).stdout)).toMatchObject({ freeBytes: 0 })
  })

  it('tells the address of the app, and of what stands behind it', async () => {
    const { url, token, pid } = app.backend()
    expect((await app.benchtop(['open', '--print'])).stdout).toMatch(
      new RegExp(`^${url}/#token=${token}&/p/project-[0-9a-f]{4}\n$`),
    )
    expect((await app.benchtop(['backend'])).stdout).toContain(`${url} · pid ${pid} ·`)
    expect((await app.benchtop(['backend', 'stop'])).stdout).toBe('Stopped.\n')
    expect((await app.benchtop(['backend', 'status'])).stdout).toBe('No backend runs.\n')
    // And back on the same port, with all that was there.
    expect((await app.benchtop(['runs', "name = 'the base'", '--csv'])).stdout).toContain(',the base,')
    expect(app.backend().url).toBe(url)
  })
})
