import { z } from 'zod'
import { mutation, query, stream } from '../rpc/procedure.ts'
import { Nothing } from './common.ts'

export const Capabilities = z.object({
  desktop: z.boolean(),
  pickPath: z.boolean(),
  reveal: z.boolean(),
  notify: z.boolean(),
  secrets: z.enum(['keychain', 'file']),
})
export type Capabilities = z.infer<typeof Capabilities>

/** What only a desktop has. The page reads `capabilities` and degrades: a path field where there is no picker. */
export const hostContract = {
  host: {
    capabilities: query(Nothing, Capabilities),
    pickPath: mutation(
      z.object({ kind: z.enum(['folder', 'file']), title: z.string(), from: z.string().optional() }),
      z.object({ path: z.string().nullable() }),
    ),
    reveal: mutation(z.object({ path: z.string() }), Nothing),
    /** Opens an https address in the user's browser. */
    openExternal: mutation(z.object({ url: z.string() }), Nothing),
    notify: mutation(z.object({ title: z.string(), body: z.string() }), Nothing),
    /** Shows a project in its window, or in a new one. */
    openProject: mutation(z.object({ project: z.string() }), Nothing),
    /** Where the backend listens, with the token that the contract needs. */
    backend: query(Nothing, z.object({ url: z.string(), token: z.string() })),
    /** The native theme that windows and menus should have. */
    setTheme: mutation(z.object({ theme: z.enum(['system', 'light', 'dark']) }), Nothing),
    /** Commands picked from the menu bar, and addresses that the backend has moved to after a restart. */
    events: stream(
      Nothing,
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('command'), command: z.string() }),
        z.object({ type: z.literal('backend'), url: z.string(), token: z.string() }),
      ]),
    ),
    /** The menu bar is built from the page's own commands. */
    setMenu: mutation(
      z.object({
        items: z
          .array(
            z.object({
              command: z.string(),
              label: z.string(),
              menu: z.string(),
              keys: z.string().nullable(),
              enabled: z.boolean(),
            }),
          )
          .max(300)
          .readonly(),
      }),
      Nothing,
    ),
  },
}
export type HostContract = typeof hostContract
