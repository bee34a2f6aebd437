import type { Page } from 'playwright'

/**
 * Listens to a page from now on for what must never happen on any screen: errors and warnings on the console, uncaught
 * exceptions, refusals by the content security policy, and requests that leave this machine.
 */
export function watchFaults(page: Page): () => readonly string[] {
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
  page.on('request', (request) => {
    if (!isLocal(request.url())) faults.push(`request leaves the machine: ${request.url()}`)
  })
  return () => [...faults]
}

function isLocal(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  if (['data:', 'blob:', 'about:'].includes(protocol)) return true
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}
