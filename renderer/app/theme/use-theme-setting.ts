import { useEffect, useRef } from 'react'
import { useHost, useRead, useWrite } from '#renderer/client/index.ts'
import { useTheme } from './theme-context.tsx'

/** Keeps the page's theme and the user's setting the same, whichever of the two was changed; tells the desktop's windows too. */
export function useThemeSetting(): void {
  const { choice, choose } = useTheme()
  const { desktop } = useHost()
  const setting = useRead('settings.get', {}).data?.theme
  const update = useWrite('settings.update')
  const known = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (setting === undefined || setting === known.current) return
    known.current = setting
    choose(setting)
  }, [setting, choose])
  useEffect(() => {
    if (known.current === undefined || choice === known.current) return
    known.current = choice
    update.mutate({ change: { theme: choice } })
  }, [choice, update])
  useEffect(() => {
    void desktop?.setTheme({ theme: choice })
  }, [desktop, choice])
}
