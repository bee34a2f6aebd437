import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { useRemembered } from '#renderer/ui/view-storage.tsx'
import { Rail, type Place, type PlaceGroup } from './rail.tsx'
import { StatusBar } from './status-bar.tsx'
import s from './frame.module.css'

export interface FrameProps {
  /** The project switcher, given whether the rail is folded. */
  readonly project: (folded: boolean) => ReactNode
  readonly places: readonly Place[]
  /** Further groups under the places: saved views. */
  readonly groups?: readonly PlaceGroup[] | undefined
  /** At the bottom of the rail: settings, help. */
  readonly foot?: readonly Place[] | undefined
  readonly onSearch: () => void
  readonly statusLeft?: ReactNode
  readonly statusRight?: ReactNode
  readonly children: ReactNode
}

/** Below this the rail folds by itself, unless it was opened by hand. */
const NARROW = 1100

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('resize', changed)
  return () => window.removeEventListener('resize', changed)
}
const readFold = (stored: unknown): 'open' | 'folded' | undefined =>
  stored === 'open' || stored === 'folded' ? stored : undefined

/** Whether the rail is folded, and how to change it: for the frame and for a command. */
export function useRailFold(): readonly [folded: boolean, setFolded: (folded: boolean) => void] {
  const narrow = useSyncExternalStore(subscribe, () => window.innerWidth < NARROW)
  const [wide, setWide] = useRemembered<'open' | 'folded'>('rail', 'open', readFold)
  const [small, setSmall] = useRemembered<'open' | 'folded'>('rail.narrow', 'folded', readFold)
  const folded = (narrow ? small : wide) === 'folded'
  return [folded, (next) => (narrow ? setSmall : setWide)(next ? 'folded' : 'open')]
}

/** The window: rail with places, main, status bar. What lies over it (palette, toasts, dialogs) is not its own. */
export function Frame(props: FrameProps & { readonly folded: boolean; readonly onFolded: (folded: boolean) => void }) {
  const { folded } = props
  // On the page itself: what lies over it, such as notices, keeps clear of the rail.
  useEffect(() => {
    document.documentElement.style.setProperty('--rail-width', folded ? '48px' : '176px')
  }, [folded])
  return (
    <div className={s.frame}>
      <a className={s.skip} href="#main" onClick={(event) => skip(event)}>
        Skip to the page
      </a>
      <Rail
        project={props.project(folded)}
        places={props.places}
        groups={props.groups ?? []}
        foot={props.foot ?? []}
        folded={folded}
        onFolded={props.onFolded}
        onSearch={props.onSearch}
      />
      <main id="main" tabIndex={-1} className={s.main}>
        {props.children}
      </main>
      <StatusBar left={props.statusLeft} right={props.statusRight} />
    </div>
  )
}

/** The fragment is the route's: skipping must not change it. */
const skip = (event: React.MouseEvent) => {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
