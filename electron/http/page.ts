import { readFileSync, statSync } from 'node:fs'
import { extname, join, normalize, sep } from 'node:path'
import type { ServerResponse } from 'node:http'
import { contentSecurityPolicy } from '#shared/domain/content-security-policy.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}

export type PageFile = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * A file of the built page, GET only, never outside its folder. Any path without an extension is the page itself: its routes live
 * in the fragment.
 */
export function pageFile(folder: string, path: string): PageFile | undefined {
  const inside = normalize(decodeSafely(path)).replace(/^([/\\])+/, '')
  if (inside.startsWith('..') || inside.includes('\0')) return undefined
  const name = extname(inside) === '' ? 'index.html' : inside
  const file = join(folder, name)
  if (!file.startsWith(folder + sep)) return undefined
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  const type = TYPES[extname(file)] ?? 'application/octet-stream'
  const hashed = name.startsWith(`assets${sep}`)
  return {
    status: 200,
    headers: {
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      // Workers take the policy of their own response, so every script carries it.
      'content-security-policy': contentSecurityPolicy(),
      'x-frame-options': 'DENY',
    },
    body: readFileSync(file),
  }
}

/** Writes such a file as a response. */
export function sendPageFile(response: ServerResponse, file: PageFile): void {
  response.writeHead(file.status, { ...file.headers, 'content-length': String(file.body.length) })
  response.end(file.body)
}

function decodeSafely(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return '..'
  }
}
