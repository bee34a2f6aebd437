import { join } from 'node:path'
import { safeStorage } from 'electron'
import { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'

const Kept = z.record(z.string(), z.string())

/** Secrets by name, encrypted with a key that the system's keychain holds. */
export type SecretStore = {
  /** `file` where no keychain answers: then nothing is kept here. */
  readonly kind: () => Promise<'keychain' | 'file'>
  /** Throws `unavailable` without a keychain. */
  readonly set: (name: string, secret: string) => Promise<void>
  /** Undefined for an unknown name, and for one that this keychain cannot read any more. */
  readonly get: (name: string) => Promise<string | undefined>
  readonly forget: (name: string) => void
}

/** Opens the store. Only ciphertext touches the disk, in a file of the user alone. */
export function openSecretStore(dataFolder: string): SecretStore {
  const file = join(dataFolder, 'secrets.json')
  const read = (): Readonly<Record<string, string>> => readJsonFile(file, Kept) ?? {}
  const kind = async (): Promise<'keychain' | 'file'> => {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'file'
    // Without a password manager Linux encrypts with a key that everybody knows: that is no keychain.
    return process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text'
      ? 'file'
      : 'keychain'
  }
  const set = async (name: string, secret: string): Promise<void> => {
    if ((await kind()) === 'file') throw appError('unavailable', 'No keychain answers on this system.')
    const encrypted = await safeStorage.encryptStringAsync(secret)
    writeJsonFile(file, { ...read(), [name]: encrypted.toString('base64') }, 0o600)
  }
  return {
    kind,
    set,
    get: async (name) => {
      const encrypted = Object.entries(read()).find(([key]) => key === name)?.[1]
      if (encrypted === undefined || (await kind()) === 'file') return undefined
      try {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(encrypted, 'base64'))
        // The keychain has a newer key: the next reading must not need the old one.
        if (shouldReEncrypt) await set(name, result)
        return result
      } catch {
        return undefined
      }
    },
    forget: (name) => {
      const { [name]: _forgotten, ...rest } = read()
      writeJsonFile(file, rest, 0o600)
    },
  }
}
