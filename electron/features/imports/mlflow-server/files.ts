import { stat } from 'node:fs/promises'
import { basename, dirname, normalize } from 'node:path'
import { readAddress } from '../artifact-address.ts'
import type { ServerFiles, SourceArtifacts } from '../source.ts'
import type { Query } from './connection.ts'
import { listed, type Server } from './pages.ts'
import { WireFile } from './wire.ts'

/** Whose files they are: a run's or a logged model's. */
export type FileOwner = { readonly kind: 'run' | 'model'; readonly id: string }

type Route = { readonly path: string; readonly query: Query }
type Routes = {
  /** Of a folder below the root, `''` for the root itself. */
  readonly list: (folder: string) => Route
  readonly read: (file: string) => Route
}

const PROXY = '/api/2.0/mlflow-artifacts/artifacts'
const DEEPEST = 32
const MOST_FILES = 1_000_000

/**
 * Where files are that a server tells of. Those that it hands out by itself come through it, and so do those on the disk of its machine, unless that
 * is this one; those in a store of their own (`s3://...`) stay there.
 */
export async function artifactsOf(server: Server, owner: FileOwner, recorded: string | null): Promise<SourceArtifacts> {
  const { kind, readings, paths, shown } = readAddress(recorded)
  if (kind === 'none') return { at: 'none' }
  if (kind === 'remote') return { at: 'remote', address: shown }
  for (const path of paths) if (await isFolderOf(path, owner)) return { at: 'folder', path }
  const root = readings.at(-1) ?? []
  const routes =
    kind === 'served' ? proxied(root.join('/')) : owner.kind === 'run' ? ofRun(owner.id) : ofModel(owner.id)
  return { at: 'server', files: filesBy(server, routes, `files of ${owner.kind} ${owner.id}`) }
}

/** MLflow ends every such path so; another could name any folder of this machine. */
async function isFolderOf(path: string, { id }: FileOwner): Promise<boolean> {
  const whole = normalize(path)
  if (basename(whole) !== 'artifacts' || basename(dirname(whole)) !== id || path.split(/[\\/]/).includes('..'))
    return false
  return stat(whole).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function filesBy(server: Server, routes: Routes, what: string): ServerFiles {
  async function* below(folder: string, depth: number, signal: AbortSignal): ReturnType<ServerFiles['list']> {
    const { path, query } = routes.list(folder)
    const ask = (token: string | undefined) => ({ path, query: { ...query, page_token: token } })
    const folders: string[] = []
    // The real server answers a root that was never written to with an error.
    const refused = ({ status }: { readonly status: number }): boolean => {
      if (status !== 404) server.notice({ kind: 'skipped', what, why: `the server does not list them (${status})` })
      return true
    }
    for await (const one of listed(server, { what, ask, field: 'files', item: WireFile, refused }, signal)) {
      const name = one.path.split('/').at(-1) ?? ''
      // Some routes give names, others whole paths.
      if (one.path !== name && one.path !== `${folder}/${name}`.replace(/^\//, '')) {
        server.notice({ kind: 'skipped', what, why: `“${one.path.slice(0, 100)}” does not lie where it was asked for` })
        continue
      }
      const inside = folder === '' ? name : `${folder}/${name}`
      if (!isName(name) || depth >= DEEPEST) {
        server.notice({ kind: 'skipped', what, why: `“${inside.slice(-100)}” is no path that a file may have` })
      } else if (one.is_dir) folders.push(inside)
      else yield { path: inside, size: one.file_size }
    }
    for (const inside of folders) yield* below(inside, depth + 1, signal)
  }
  return {
    async *list(signal) {
      let count = 0
      for await (const file of below('', 0, signal)) {
        if (++count > MOST_FILES) {
          server.notice({ kind: 'skipped', what, why: `of more than ${MOST_FILES} the rest did not come` })
          return
        }
        yield file
      }
    },
    read(file, signal) {
      const { path, query } = routes.read(file)
      return server.connection.file(path, query, signal)
    },
    lastModified(file, signal) {
      const { path, query } = routes.read(file)
      return server.connection.lastModified(path, query, signal)
    },
  }
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[\\/\0]/.test(name)
}

/** `mlflow-artifacts:/...`: the server is a store of files. */
function proxied(root: string): Routes {
  const joined = (below: string): string => [root, below].filter((part) => part !== '').join('/')
  return {
    list: (folder) => ({ path: PROXY, query: { path: joined(folder) } }),
    read: (file) => ({ path: `${PROXY}/${joined(file).split('/').map(encodeURIComponent).join('/')}`, query: {} }),
  }
}

/** On the server's own disk: by the routes of its page. */
function ofRun(id: string): Routes {
  const run = { run_id: id, run_uuid: id }
  return {
    list: (folder) => ({ path: '/api/2.0/mlflow/artifacts/list', query: { ...run, path: folder || undefined } }),
    read: (file) => ({ path: '/get-artifact', query: { ...run, path: file } }),
  }
}

function ofModel(id: string): Routes {
  const model = `logged-models/${encodeURIComponent(id)}/artifacts`
  return {
    list: (folder) => ({
      path: `/api/2.0/mlflow/${model}/directories`,
      query: { artifact_directory_path: folder || undefined },
    }),
    read: (file) => ({ path: `/ajax-api/2.0/mlflow/${model}/files`, query: { artifact_file_path: file } }),
  }
}
