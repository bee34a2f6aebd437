import '#renderer/ui/styles.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { createBackend, createQueryClient, findHost, ServicesProvider } from '#renderer/client/index.ts'
import { createToasts, ToastRegion } from '#renderer/ui/states/toasts.tsx'
import { UiProvider } from '#renderer/ui/ui-provider.tsx'
import { browserStorage, ViewStorageProvider } from '#renderer/ui/view-storage.tsx'
import { App } from './app.tsx'
import { CommandRegistryProvider, createCommandRegistry } from '#renderer/ui/commands/command-registry.tsx'
import { createTheme } from './theme/theme-store.ts'
import { ThemeProvider } from './theme/theme-context.tsx'

// The page's policy allows no eval, which zod would try.
z.config({ jitless: true })

async function start(element: HTMLElement): Promise<void> {
  const host = await findHost()
  const storage = browserStorage(globalThis.localStorage)
  const backend = createBackend(host.address)
  // Drawing the window for the first time takes as long as connecting does: the two go on at the same time.
  backend.retry()
  createRoot(element).render(
    <StrictMode>
      <ViewStorageProvider value={storage}>
        <ThemeProvider value={createTheme(storage, document.documentElement)}>
          <QueryClientProvider client={createQueryClient()}>
            <ServicesProvider backend={backend} host={host}>
              <CommandRegistryProvider value={createCommandRegistry()}>
                <UiProvider>
                  <ToastRegion toasts={createToasts()}>
                    <App />
                  </ToastRegion>
                </UiProvider>
              </CommandRegistryProvider>
            </ServicesProvider>
          </QueryClientProvider>
        </ThemeProvider>
      </ViewStorageProvider>
    </StrictMode>,
  )
}

const root = document.getElementById('root')
if (root !== null) void start(root)
