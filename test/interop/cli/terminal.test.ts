import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { type BuiltApp, COMMAND, openBuiltApp } from '../support/built-app.ts'
import { eventually } from '#test/setup/eventually.ts'

/** What people's scripts do with a terminal. */
const SCRIPT = `
import getpass, os, signal, sys, time
what = sys.argv[1]
if what == 'look':
    print([os.isatty(fd) for fd in range(3)], os.get_terminal_size(), os.environ['TERM'])
    print('\\x1b[32mgreen\\x1b[0m', file=sys.stderr)
    for i in range(0, 101, 20):
        print(f'\\r{i:3d}%|{"#" * (i // 10):10s}|', end='', flush=True)
    print()
    sys.exit(7)
if what == 'wait':
    signal.signal(signal.SIGCONT, lambda *_: print('again', flush=True))
    print('ready', flush=True)
    time.sleep(600)
if what == 'catch':
    signal.signal(signal.SIGINT, lambda *_: (print('caught'), sys.exit(5)))
    print('ready', flush=True)
    time.sleep(600)
if what == 'debug':
    x = 41
    import pdb; pdb.set_trace()
    print('x is', x)
if what == 'secret':
    print('got', getpass.getpass('Password: '))
if what == 'grow':
    signal.signal(signal.SIGWINCH, lambda *_: (print(os.get_terminal_size()), os._exit(0)))
    print('ready', flush=True)
    time.sleep(600)
if what == 'killed':
    os.kill(os.getpid(), signal.SIGKILL)
`

const PROMPT = 'PROMPT> '
/** Instead of keys: the window gets another size. */
const RESIZE = 'resize'

/** A step of a session: a command line, then keys (or a new size) each after a text that the screen shows. */
type Step = { readonly line: string; readonly keys?: readonly (readonly [seen: string, typed: string])[] }

const STEPS: readonly Step[] = [
  { line: 'r python3 script.py look' },
  { line: 'r python3 script.py wait', keys: [['ready', '\x03']] },
  { line: 'r python3 script.py catch', keys: [['ready', '\x03']] },
  { line: 'r python3 script.py wait', keys: [['ready', '\x1c']] },
  {
    line: 'r python3 script.py wait',
    keys: [
      ['ready', '\x1a'],
      ['Stopped', ''],
      [PROMPT, 'fg\r'],
      ['again', '\x03'],
    ],
  },
  {
    line: 'r python3 script.py debug',
    keys: [
      ['(Pdb) ', 'p x\r'],
      // Each prompt is waited for: what is typed ahead is shown before it or behind, as it comes.
      ['41', ''],
      ['(Pdb) ', 'x = 5\r'],
      ['\n', ''],
      ['(Pdb) ', 'c\r'],
    ],
  },
  { line: 'r python3 script.py secret', keys: [['Password: ', 'sécret\r']] },
  { line: 'r python3 script.py killed' },
  {
    line: `r sh -c 'echo up; cat'`,
    keys: [
      ['up\r\n', 'hi\r'],
      ['hi\r\nhi', '\x04'],
    ],
  },
  { line: 'stty -a | grep -o -E "[-]?(echo|icanon|isig|onlcr)\\b" | sort' },
  // The last one: a shell draws its line anew when the size changes.
  { line: 'r python3 script.py grow', keys: [['ready', RESIZE]] },
]

describeWith(['python', 'git'], 'benchtop run in a terminal', ({ python }) => {
  let app: BuiltApp
  beforeAll(async () => {
    app = await openBuiltApp({ python })
    writeFileSync(join(app.project, 'script.py'), SCRIPT)
    // So that the backend is there, and nothing waits for it.
    await app.benchtop(['run', '-q', 'true'])
  })
  afterAll(() => app.close())

  /** Types the steps into an interactive shell in which `r` is the given prefix; answers what each showed, and its code. */
  async function session(
    prefix: string,
  ): Promise<readonly { readonly line: string; readonly screen: string; readonly code: string }[]> {
    const shell = spawn('bash', ['--norc', '--noprofile', '-i'], {
      cwd: app.project,
      cols: 91,
      rows: 37,
      name: 'xterm-256color',
      env: { ...app.environment, INPUTRC: '/dev/null', HISTFILE: '' },
    })
    let screen = ''
    shell.onData((text) => (screen += text))
    let from = 0
    const seen = (text: string): Promise<number> =>
      eventually(() => {
        const at = screen.indexOf(text, from)
        if (at < 0) throw new Error(`${JSON.stringify(text)} is not on the screen:\n${screen.slice(from)}`)
        return (from = at + text.length)
      })
    const line = async (text: string): Promise<string> => {
      shell.write(`${text}\r`)
      const start = await seen(`${text}\r\n`)
      return screen.slice(start, (await seen(PROMPT)) - PROMPT.length)
    }
    try {
      // In two parts, so that the echo of this very line is not taken for the prompt.
      shell.write(`bind 'set enable-bracketed-paste off'; alias r='${prefix}'; PS1='PROM''PT> '\r`)
      await seen(PROMPT)
      const results: { line: string; screen: string; code: string }[] = []
      for (const step of STEPS) {
        const start = screen.length
        shell.write(`${step.line}\r`)
        from = start
        for (const [text, keys] of step.keys ?? []) {
          await seen(text)
          if (keys === RESIZE) shell.resize(120, 50)
          else shell.write(keys)
        }
        const end = (await seen(PROMPT)) - PROMPT.length
        const shown = plain(screen.slice(start, end))
        results.push({ line: step.line, screen: shown, code: (await line('echo $?')).trim() })
      }
      return results
    } finally {
      shell.kill('SIGKILL')
    }
  }

  it('shows, takes and answers the same as the bare command', async () => {
    const bare = await session('')
    const ours = await session(`${COMMAND} run -q -- `)
    expect(ours).toEqual(bare)
    expect(bare.map(({ code }) => code)).toEqual(['7', '130', '5', '131', '130', '0', '0', '137', '0', '0', '0'])
    expect(bare[0]?.screen).toContain('[True, True, True] os.terminal_size(columns=91, lines=37) xterm-256color')
    expect(bare[4]?.screen).toContain('STOPPED')
    expect(bare[5]?.screen).toContain('x is 5')
    expect(bare[6]?.screen).toContain('got sécret')
    expect(bare[10]?.screen).toContain('os.terminal_size(columns=120, lines=50)')
  })

  it('keeps what was on the screen, progress bars as one line each, and how each run ended', async () => {
    const client = app.client()
    const project = (await client.projects.recent({}))[0]?.id ?? ''
    const { rows } = await client.runs.table({ project, columns: [], limit: 100 })
    const endings = [...rows].toReversed().map(({ number, status }) => `${number} ${status}`)
    expect(endings).toEqual([
      '1 finished',
      '2 failed',
      '3 killed',
      '4 failed',
      '5 killed',
      '6 killed',
      '7 finished',
      '8 finished',
      '9 killed',
      '10 finished',
      '11 finished',
    ])
    const { lines } = await client.launch.log({ project, run: rows.find(({ number }) => number === 2)?.id ?? '' })
    expect(lines.map(({ text, bar }) => [text, bar])).toEqual([
      ['[True, True, True] os.terminal_size(columns=91, lines=37) xterm-256color', false],
      ['green', false],
      ['100%|##########|', true],
    ])
    const secret = rows.find(({ number }) => number === 8)?.id ?? ''
    const log = await client.launch.log({ project, run: secret })
    // What was typed without an echo was never on the screen; what the script then printed was.
    expect(log.lines.map(({ text }) => text)).toEqual(['Password:', 'got sécret'])
  })
})

/** Without what a shell says of its jobs, which names the command; and the key of a stop is not echoed by us. */
function plain(screen: string): string {
  return screen
    .replace(/(\^Z)?\r\n\[1\]\+ +Stopped[^\r\n]*/g, 'STOPPED')
    .replaceAll(`${COMMAND} run -q -- `, '')
    .replaceAll('r python3', 'python3')
}
