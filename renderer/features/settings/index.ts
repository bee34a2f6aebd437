import { lazyScreen } from '#renderer/ui/lazy-screen.tsx'

export const HelpScreen = lazyScreen('Help', () => import('./help-screen.tsx').then((all) => all.HelpScreen))
export const SettingsScreen = lazyScreen('Settings', () =>
  import('./settings-screen.tsx').then((all) => all.SettingsScreen),
)
