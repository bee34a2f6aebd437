import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { TOAST_MILLISECONDS } from '#renderer/ui/states/toast-time.ts'
import { PATIENCE } from '#test/setup/eventually.ts'
import { pathOf } from '#test/setup/needs.ts'

/** Quiet, offline and without a GPU; no sandbox, because build machines run as root. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export type Theme = 'light' | 'dark'
export const themes: readonly Theme[] = ['light', 'dark']

/** A window's inner size in CSS pixels. */
export type Size = { readonly width: number; readonly height: number }

/** The two sizes that every screen is looked at in. */
export const wide: Size = { width: 1440, height: 900 }
export const narrow: Size = { width: 1024, height: 700 }

/** Starts the Chromium that the set-up found, with a profile of its own. The caller closes it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: pathOf('chromium'), args: flags })
}

export type WindowOptions = { readonly theme?: Theme; readonly size?: Size }

/**
 * A window without history or cookies. Motion is reduced, so that tests and pictures wait for no animation; and toasts
 * stay, since what they offer is gone after a time that a busy machine takes between two steps of a test.
 */
export async function newWindow(
  browser: Browser,
  { theme = 'light', size = wide }: WindowOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { ...size },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  context.setDefaultTimeout(PATIENCE)
  await context.addInitScript((time) => {
    const after = window.setTimeout.bind(window) as (...given: readonly unknown[]) => number
    const unlessToast = (...given: readonly unknown[]): number => (given[1] === time ? 0 : after(...given))
    Object.defineProperty(window, 'setTimeout', { value: unlessToast })
  }, TOAST_MILLISECONDS)
  return context
}

/** Draws the page in a theme, whether it follows the system or was pinned to one by its person. */
export async function showTheme(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.evaluate((name) => {
    document.documentElement.dataset['theme'] = name
  }, theme)
  await settle(page)
}

/** Waits until fonts are loaded, finite animations are over and two frames were drawn. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    const endless = (one: Animation): boolean => one.effect?.getComputedTiming().endTime === Infinity
    const ending = document.getAnimations().filter((one) => !endless(one))
    await Promise.allSettled(ending.map((one) => one.finished))
    for (let frame = 0; frame < 2; frame++) await new Promise((drawn) => requestAnimationFrame(drawn))
  })
}
