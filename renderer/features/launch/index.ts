export { JobsScreen } from './jobs-screen.tsx'
export { LaunchDialog } from './launch-dialog.tsx'
export { StopButton } from './stop-button.tsx'
