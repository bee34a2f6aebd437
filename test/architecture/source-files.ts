import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the tree: its path from the root, with forward slashes, and its text. */
export type SourceFile = { readonly path: string; readonly text: string }

/** A rule that a file breaks, in words that say where and what. */
export type Violation = string

const root = fileURLToPath(new URL('../..', import.meta.url))

/** All text files that git tracks or would track: what a commit can carry. */
export function sourceFiles(): readonly SourceFile[] {
  // A build machine may check out as another user than it tests as, which git otherwise refuses.
  const args = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })
  return [...new Set(listed.split('\0'))]
    .filter((path) => path !== '')
    .flatMap((path) => {
      const bytes = readIfThere(join(root, path))
      return bytes === undefined || bytes.includes(0) ? [] : [{ path, text: bytes.toString('utf8') }]
    })
}

/** A tracked file may have been deleted in the work tree, and a folder is listed when it is a repository of its own. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** Whether a path is TypeScript of ours. */
export function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path)
}

/** Whether a path is a test, or a helper that only tests load. */
export function isTest(path: string): boolean {
  return path.startsWith('test/') || /\.(test|spec|fixture)\.tsx?$/.test(path)
}

/** Whether a path is the configuration of a tool, whose form the tool decides. */
export function isToolConfig(path: string): boolean {
  return /(^|\/)[a-z-]+\.config\.ts$/.test(path)
}
