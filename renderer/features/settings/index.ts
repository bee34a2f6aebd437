export { HelpScreen } from './help-screen.tsx'
export { SettingsScreen } from './settings-screen.tsx'
