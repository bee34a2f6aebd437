import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { InlineConfig, Plugin } from 'vite'
import { type Bundle, bundleOf, pathFromRoot } from './start/bundles.ts'
import { hashOf } from './start/stamp.ts'

/** Packages with native parts, and those that the host brings: they stay where npm put them. */
const EXTERNAL = [
  'electron',
  'better-sqlite3',
  '@lydell/node-pty',
  '@parcel/watcher',
  '@duckdb/node-api',
  'bufferutil',
  'utf-8-validate',
]

export type Traced = {
  /** Sources of the project that went in, with the hash of what the bundler read. */
  readonly inputs: Map<string, string>
  /** Entries that the code starts by path. */
  readonly starts: Set<string>
}

/**
 * Settings for one bundle outside the page: a single file, because a backend that lives for days must not miss a chunk that a
 * later build replaced.
 */
export function nodeBundle(root: string, bundle: Bundle, traced: Traced): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [startsByPath(root, bundle, traced), lightHttp(), lightTls(), plainText(bundle)],
    ssr: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: join(root, bundle.entry),
      write: false,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        external: EXTERNAL,
        treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
        output: {
          format: bundle.kind === 'preload' ? 'cjs' : 'esm',
          codeSplitting: false,
          // A fifth of the text. Lines and names stay: a stack in the log is read by them.
          comments: { legal: true, annotation: false, jsdoc: false },
        },
      },
    },
  }
}

const BY_PATH = /new URL\(\s*(['"])(\.{1,2}\/[^'"]+)\1,\s*import\.meta\.url\s*,?\s*\)/g

/**
 * A source names its neighbours by `new URL('../workers/hash.ts', import.meta.url)`, which Node runs as it stands. In a bundle the same
 * words must name the built neighbour, seen from the bundle's place.
 */
function startsByPath(root: string, bundle: Bundle, traced: Traced): Plugin {
  return {
    name: 'benchtop:starts-by-path',
    enforce: 'pre',
    transform(code, id) {
      const file = id.split('?')[0] ?? id
      if (!isAbsolute(file) || file.includes(`${sep}node_modules${sep}`)) return undefined
      traced.inputs.set(pathFromRoot(root, file), hashOf([code]))
      if (!code.includes('import.meta.url')) return undefined
      return code.replace(BY_PATH, (_, _quote: string, path: string) => {
        const target = pathFromRoot(root, resolve(dirname(file), path))
        const isEntry = target.startsWith('electron/') && target.endsWith('.ts')
        if (isEntry) traced.starts.add(target)
        const built = isEntry ? bundleOf(target).output : target
        const from = relative(dirname(bundle.output), built).split(sep).join('/')
        const folder = path.endsWith('/') ? '/' : ''
        return `new URL('${from.startsWith('.') ? from : `./${from}`}${folder}', import.meta.url)`
      })
    },
  }
}

/**
 * Importing `node:http` reads each of its exports, and one of them loads the whole of `fetch` and WebSocket: 35 ms of every start. Asked for
 * as an object it reads only what is used.
 */
function lightHttp(): Plugin {
  return {
    name: 'benchtop:light-http',
    renderChunk: (code) =>
      code.replace(/^import \{([^}]*)\} from "node:http";$/m, (_, names: string) => {
        const taken = names.replaceAll(' as ', ': ')
        return `const {${taken}} = process.getBuiltinModule("node:http");`
      }),
  }
}

/** The WebSocket library loads TLS for clients of other machines' servers: 13 ms of every start, for what is never asked here. */
function lightTls(): Plugin {
  const late = (name: string, call: string): string =>
    `{ ${call}: (...given) => process.getBuiltinModule("node:${name}").${call}(...given) }`
  return {
    name: 'benchtop:light-tls',
    renderChunk: (code) =>
      code
        .replace(/\bhttps = __require\("https"\)/, () => `https = ${late('https', 'request')}`)
        .replace(/\btls = __require\("tls"\)/, () => `tls = ${late('tls', 'connect')}`),
  }
}

/** A character behind a backslash of its own, which an escape can't take the place of. */
const ESCAPED = /(?<!\\)(?:\\\\)*\\[^\0-\x7f]|\braw`[^`]*[^\0-\x7f]/

/**
 * Writes what is no ASCII as escapes. With one dash or curly quote in it, the engine keeps all of a bundle's text in two bytes a character: twice as much to
 * read and to check at each start, ten milliseconds of the backend's.
 */
export function asciiOnly(code: string, name: string): string {
  const unsafe = ESCAPED.exec(code)
  if (unsafe !== null) throw new Error(`${name} can't be written in ASCII: ${unsafe[0].slice(0, 80)}`)
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function plainText(bundle: Bundle): Plugin {
  return {
    name: 'benchtop:plain-text',
    generateBundle(_, chunks) {
      for (const chunk of Object.values(chunks))
        if (chunk.type === 'chunk') chunk.code = asciiOnly(chunk.code, bundle.output)
    },
  }
}
