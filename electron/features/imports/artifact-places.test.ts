import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { readAddress } from './artifact-address.ts'
import { createArtifactPlaces } from './artifact-places.ts'

const run = '0123456789abcdef0123456789abcdef'
const own = [run, 'artifacts']

function made(...parts: string[]): string {
  const folder = join(...parts)
  mkdirSync(folder, { recursive: true })
  return folder
}

describe('the artifacts of a store that was moved', () => {
  it.each([
    ['a path of another Unix machine', `file:///home/ann/studies/mlruns/1/${run}/artifacts`, 'mlruns/1'],
    ['a path without a scheme', `/home/ann/studies/mlruns/1/${run}/artifacts`, 'mlruns/1'],
    ['a relative path', `./mlruns/1/${run}/artifacts`, 'mlruns/1'],
    ['a relative path that goes up', `../../mlruns/1/${run}/artifacts`, 'mlruns/1'],
    ['a Windows path as an address', `file:///C:/Users/Ann/studies/mlruns/1/${run}/artifacts`, 'mlruns/1'],
    ['a Windows path with backslashes', `file:C:\\Users\\Ann\\mlruns\\1\\${run}\\artifacts`, 'mlruns/1'],
    ['a Windows path alone', `D:\\study\\artifacts_local\\1\\${run}\\artifacts`, 'artifacts_local/1'],
    ['blanks as they are', `file:///C:/Year 4 - Sem 2/runs of mine/1/${run}/artifacts`, 'runs of mine/1'],
    ['blanks as %20', `file:///home/ann/runs%20of%20mine/1/${run}/artifacts`, 'runs of mine/1'],
    ['percent signs that are meant', `file:///home/ann/100%25/1/${run}/artifacts`, '100%25/1'],
    ['what a server hands out', `mlflow-artifacts:/1/${run}/artifacts`, 'mlartifacts/1'],
    ['what a named server hands out', `mlflow-artifacts://127.0.0.1:5000/1/${run}/artifacts`, 'mlartifacts/1'],
    ['a server by HTTP', `http://host:5000/api/2.0/mlflow-artifacts/artifacts/1/${run}/artifacts`, 'mlartifacts/1'],
    ['a server with its files in mlruns', `mlflow-artifacts:/1/${run}/artifacts`, 'mlruns/1'],
    ['a place of its own that was renamed since', `file:///data/blobs/${run}/artifacts`, 'mlruns/1'],
    ['a bucket that someone has copied here', `s3://bucket/deep/1/${run}/artifacts`, 'mlartifacts/1'],
  ])('are found: %s', async (_, recorded, holder) => {
    const root = tempFolder()
    const folder = made(root, holder, ...own)
    const places = createArtifactPlaces([root])
    expect(await places.find({ recorded, experiment: '1', own, expected: false })).toEqual({
      at: 'folder',
      path: folder,
    })
  })

  it('are first looked for where the record says', async () => {
    const root = tempFolder()
    const elsewhere = tempFolder()
    const folder = made(elsewhere, 'store', '1', ...own)
    made(root, 'mlruns', '1', ...own)
    for (const recorded of [folder, `file://${folder}`, `file://${folder}/`])
      expect(await createArtifactPlaces([root]).find({ recorded, experiment: '1', own, expected: false })).toEqual({
        at: 'folder',
        path: folder,
      })
  })

  it('are never a folder that is not named after them', async () => {
    const root = tempFolder()
    const secret = made(root, 'secret')
    writeFileSync(join(secret, 'key'), '')
    const places = createArtifactPlaces([root])
    for (const recorded of [secret, `file://${secret}`, `${secret}/x/..`, `mlflow-artifacts:/../secret`, 'secret'])
      expect(await places.find({ recorded, experiment: '1', own, expected: false })).toEqual({
        at: 'missing',
        address: recorded,
      })
    expect(
      await places.find({ recorded: '/x/../secret', experiment: '1', own: ['..', 'secret'], expected: false }),
    ).toEqual({ at: 'missing', address: '/x/../secret' })
  })

  it('are no folder that a link of that name leads to, unless it is named after them too', async () => {
    const root = tempFolder()
    const disk = tempFolder()
    const recorded = `mlflow-artifacts:/1/${run}/artifacts`
    const ask = () => createArtifactPlaces([root]).find({ recorded, experiment: '1', own, expected: false })
    const link = join(made(root, 'mlartifacts', '1', run), 'artifacts')
    symlinkSync(made(disk, 'secret'), link)
    expect(await ask()).toEqual({ at: 'missing', address: recorded })
    rmSync(link)
    symlinkSync(made(disk, ...own), link)
    expect(await ask()).toEqual({ at: 'folder', path: link })
  })

  it('are missing, were never there, or lie elsewhere', async () => {
    const root = tempFolder()
    made(root, 'mlruns', '1', 'another run', 'artifacts')
    made(root, 'mlruns', '2')
    writeFileSync(join(made(root, 'mlruns', '2', run), 'artifacts'), 'a file in its place')
    const places = createArtifactPlaces([root])
    const ask = (recorded: string | null, experiment: string, expected: boolean) =>
      places.find({ recorded, experiment, own, expected })
    const gone = `file:///C:/x/mlruns/7/${run}/artifacts`
    const unused = `file:///C:/x/mlruns/1/${run}/artifacts`
    expect({
      'no folder of the experiment': await ask(gone, '7', false),
      'others have theirs': await ask(unused, '1', false),
      'others have theirs, and it had files': await ask(unused, '1', true),
      'no address': await ask(null, '7', false),
      'a bucket': await ask(`s3://bucket/1/${run}/artifacts`, '1', false),
      'a password': await ask(`sftp://ann:secret@host/1/${run}/artifacts`, '1', true),
      'a NUL': await ask(`/a\0b/${run}/artifacts`, '7', false),
    }).toEqual({
      'no folder of the experiment': { at: 'missing', address: gone },
      'others have theirs': { at: 'none' },
      'others have theirs, and it had files': { at: 'missing', address: unused },
      'no address': { at: 'none' },
      'a bucket': { at: 'remote', address: `s3://bucket/1/${run}/artifacts` },
      'a password': { at: 'remote', address: `sftp://ann:***@host/1/${run}/artifacts` },
      'a NUL': { at: 'missing', address: `/a\0b/${run}/artifacts` },
    })
  })

  it('of a logged model lie beside those of runs', async () => {
    const root = tempFolder()
    const folder = made(root, 'mlruns', '1', 'models', 'm-1', 'artifacts')
    const recorded = 'file:///C:/Year 4 - Sem 2/mlruns/1/models/m-1/artifacts'
    const question = { recorded, experiment: '1', own: ['models', 'm-1', 'artifacts'], expected: true }
    expect(await createArtifactPlaces([root]).find(question)).toEqual({ at: 'folder', path: folder })
  })
})

describe('an address', () => {
  it('is told by its kind', () => {
    const kinds = ['', ' ', 'dbfs:/a/b', 'gs://b/a', 'https://host/x', 'runs:/r/a', 'file:', 'C:\\a', 'a/b']
    expect(kinds.map((text) => readAddress(text).kind)).toEqual([
      'none',
      'none',
      'remote',
      'remote',
      'remote',
      'remote',
      'local',
      'local',
      'local',
    ])
  })
})
