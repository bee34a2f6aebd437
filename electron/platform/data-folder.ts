import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The user's own data folder: `BENCHTOP_HOME`, else the platform's place. It holds the backend's lock and logs, recent
 * projects, settings, the spool of benchtop.py, the Inbox and rolling backups.
 */
export function dataFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const chosen = environment['BENCHTOP_HOME']
  if (chosen !== undefined && chosen !== '') return chosen
  const home = environment['HOME'] ?? homedir()
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Benchtop')
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Benchtop')
  return join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'benchtop')
}
