import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execFileSync } from 'node:child_process'
import { Arch, build, type Configuration, Platform } from 'app-builder-lib'
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js'
import { DebugLogger } from 'builder-util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentSecurityPolicy } from '#shared/domain/content-security-policy.ts'
import { buildStale } from '#electron/start/build.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (): Promise<Configuration> => getConfig(root, null, null)
const validate = (config: object): Promise<void> =>
  validateConfiguration(config as Configuration, new DebugLogger(false))

describe('electron-builder.yml', () => {
  test('is what electron-builder’s own schema allows, which knows every name', async () => {
    const config = await read()
    await validate(config)
    await expect(validate({ ...config, electronFusess: {} })).rejects.toThrow('electronFusess')
    await expect(validate({ ...config, linux: { ...config.linux, nonsense: 1 } })).rejects.toThrow(
      'configuration.linux',
    )
  })

  test('turns off what lets others run as us, and on what ties the app to its archive', async () => {
    const { electronFuses, asar, npmRebuild } = await read()
    expect({ electronFuses, asar, npmRebuild }).toEqual({
      electronFuses: {
        runAsNode: false,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        enableEmbeddedAsarIntegrityValidation: true,
        onlyLoadAppFromAsar: true,
        grantFileProtocolExtraPrivileges: false,
      },
      asar: true,
      npmRebuild: false,
    })
  })

  test('makes an AppImage, a deb, a tar.gz, a dmg and an nsis installer, and nowhere says --no-sandbox', async () => {
    const { linux, mac, win } = await read()
    expect([linux?.target, mac?.target, win?.target]).toEqual([['AppImage', 'deb', 'tar.gz'], ['dmg'], ['nsis']])
    expect(readFileSync(join(root, 'electron-builder.yml'), 'utf8')).not.toContain('no-sandbox')
  })
})

/** Electron's fuses lie behind these words in its program: a version, a count, then a letter each. */
const FUSES = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

describe.runIf(process.platform === 'linux')(
  'the packed app, with a program in Electron’s place that does nothing',
  () => {
    let folder: string
    let app: string
    let home: string
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'benchtop-pack-'))
      home = join(folder, 'home')
      mkdirSync(home)
      await buildStale({ root })
      const electron = join(folder, 'electron')
      mkdirSync(electron)
      writeFileSync(
        join(electron, 'electron'),
        Buffer.concat([Buffer.from(`#!/bin/sh\nexit 0\n#${FUSES}`), Buffer.from([1, 9]), Buffer.from('101100011')]),
      )
      chmodSync(join(electron, 'electron'), 0o755)
      writeFileSync(join(electron, 'version'), '0.0.0')
      const output = join(folder, 'out')
      const arch = process.arch === 'arm64' ? Arch.arm64 : Arch.x64
      await build({
        projectDir: root,
        targets: Platform.LINUX.createTarget('dir', arch),
        config: { electronDist: electron, directories: { output } },
      })
      app = join(output, readdirSync(output).find((name) => name.startsWith('linux')) ?? '')
    }, 180_000)
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    const command = (...words: readonly string[]): string =>
      execFileSync(join(app, 'benchtop'), words, {
        encoding: 'utf8',
        // No node and no display of the person's: what it needs, it carries.
        env: { PATH: '/usr/bin:/bin', HOME: home, BENCHTOP_HOME: join(home, 'data') },
      })

    test('has its fuses set', () => {
      const program = readFileSync(join(app, 'benchtop-window'), 'latin1')
      expect(program.slice(program.indexOf(FUSES) + FUSES.length + 2)).toBe('000011001')
    })

    test('keeps in the archive only what Electron runs, and beside it what plain Node runs, for this system alone', () => {
      const resources = join(app, 'resources')
      const archive = readFileSync(join(resources, 'app.asar'), 'latin1')
      expect([archive.includes('BENCHTOP_READY_FILE'), statSync(join(resources, 'app.asar')).size < 2_000_000]).toEqual(
        [true, true],
      )
      const unpacked = join(resources, 'app.asar.unpacked')
      expect(readdirSync(join(unpacked, 'build')).toSorted()).toEqual(
        expect.arrayContaining(['backend', 'build-id.json', 'cli', 'page', 'shim', 'start']),
      )
      const system = `${process.platform}-${process.arch}`
      expect(readdirSync(join(unpacked, 'node_modules/better-sqlite3/prebuilds'))).toEqual([`${system}.node`])
      expect(readdirSync(join(unpacked, 'node_modules/@lydell')).toSorted()).toEqual(['node-pty', `node-pty-${system}`])
      // The watcher's own library is named by the system's C library too.
      expect(readdirSync(join(unpacked, 'node_modules/@parcel')).toSorted()).toEqual([
        'watcher',
        expect.stringMatching(new RegExp(`^watcher-${system}(?:-glibc|-musl)?$`)),
      ])
      expect(readdirSync(join(unpacked, 'node_modules')).toSorted()).toEqual([
        '@lydell',
        '@parcel',
        'better-sqlite3',
        'detect-libc',
        'is-extglob',
        'is-glob',
        'picomatch',
      ])
      expect(statSync(join(resources, 'node/bin/node')).mode & 0o111).toBe(0o111)
    })

    test('runs its command line, its backend and its page on the Node that it carries', async () => {
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
      expect(command('version').trim()).toBe(version)
      const [address = ''] = command('--browser', '--port', '0').split('\n')
      try {
        const url = new URL(address)
        expect([url.hostname, url.hash]).toEqual(['127.0.0.1', expect.stringMatching(/^#token=[0-9a-f]{64}$/)])
        const page = await fetch(url.origin)
        expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, contentSecurityPolicy()])
        const info = await fetch(`${url.origin}/rpc/system.info`, {
          method: 'POST',
          headers: { authorization: `Bearer ${url.hash.replace('#token=', '')}` },
          body: '{}',
        })
        expect(await info.json()).toMatchObject({ version, node: process.versions.node })
        expect(command('--browser')).toContain('Benchtop was running already.')
      } finally {
        command('backend', 'stop')
      }
    })

    test('says its flags, and what it does not know', () => {
      expect(command('--help')).toContain('Usage: benchtop [options]')
      expect(() => command('--nonsense')).toThrow("Unknown option '--nonsense'")
    })
  },
)
