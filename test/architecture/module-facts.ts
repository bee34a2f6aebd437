import { posix } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import type { SourceFile } from './source-files.ts'

/** Where an import leads: to a file of ours (its path from the root) or to a package (its name, as in package.json). */
export type Target = { readonly file: string } | { readonly package: string }

/** One import, re-export, `import()` or `require()`. */
export type Import = { readonly from: string; readonly to: Target; readonly typeOnly: boolean; readonly line: number }

/** What the rules need to know of a TypeScript file. */
export type ModuleFacts = {
  readonly path: string
  readonly imports: readonly Import[]
  /** Lines with a default export, and with the type `any`. */
  readonly defaultExports: readonly number[]
  readonly anys: readonly number[]
}

/** Parses a TypeScript file; throws when it does not parse. */
export function moduleFacts({ path, text }: SourceFile): ModuleFacts {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`)
  const imports: Import[] = []
  const defaultExports: number[] = []
  const anys: number[] = []
  const line = (at: number): number => text.slice(0, at).split('\n').length
  const add = (specifier: unknown, typeOnly: boolean, start: number): void => {
    if (typeof specifier !== 'string') return
    imports.push({ from: path, to: resolveImport(path, specifier), typeOnly, line: line(start) })
  }
  new Visitor({
    ImportDeclaration: (node) => {
      const named = node.specifiers
      const onlyTypes = named.length > 0 && named.every((one) => 'importKind' in one && one.importKind === 'type')
      add(node.source.value, node.importKind === 'type' || onlyTypes, node.start)
    },
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source.value, node.exportKind === 'type', node.start)
      const names = node.specifiers.map((one) => ('name' in one.exported ? one.exported.name : one.exported.value))
      if (names.includes('default')) defaultExports.push(line(node.start))
    },
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === 'type', node.start),
    ExportDefaultDeclaration: (node) => void defaultExports.push(line(node.start)),
    TSExportAssignment: (node) => void defaultExports.push(line(node.start)),
    ImportExpression: (node) => add('value' in node.source ? node.source.value : undefined, false, node.start),
    TSImportType: (node) => add(node.source.value, true, node.start),
    TSAnyKeyword: (node) => void anys.push(line(node.start)),
    CallExpression: (node) => {
      const [first] = node.arguments
      const isRequire = node.callee.type === 'Identifier' && node.callee.name === 'require'
      if (isRequire && first !== undefined && 'value' in first) add(first.value, false, node.start)
    },
  }).visit(program)
  return { path, imports, defaultExports, anys }
}

/**
 * Where an import leads: `#shared/rpc/errors.ts` and `../rpc/errors.ts` to the file `shared/rpc/errors.ts`,
 * `echarts/core` to the package `echarts`. A query that a bundler reads (`./x.ts?worker`) is dropped.
 */
export function resolveImport(from: string, specifier: string): Target {
  const path = specifier.replace(/\?.*$/, '')
  if (path.startsWith('#')) return { file: path.slice(1) }
  if (path.startsWith('.')) return { file: posix.join(posix.dirname(from), path) }
  if (path.startsWith('node:')) return { package: path }
  return {
    package: path
      .split('/')
      .slice(0, path.startsWith('@') ? 2 : 1)
      .join('/'),
  }
}
