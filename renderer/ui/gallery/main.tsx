import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import '../styles.css'
import { createToasts, ToastRegion } from '../states/toasts.tsx'
import { UiProvider } from '../ui-provider.tsx'
import { BigGrid } from './big-grid.tsx'
import { ChartsPage, HeavyPage, LivePage } from './charts-page.tsx'
import { PiecesPage } from './pieces-page.tsx'
import { ScatterPage } from './scatter-page.tsx'
import { RunsGrid } from './runs-grid.tsx'

/**
 * The pieces on pages of their own, for whoever draws or changes them: `?page=grid&theme=dark`. Not shipped.
 */
const query = new URLSearchParams(location.search)
const theme = query.get('theme')
if (theme !== null) document.documentElement.dataset['theme'] = theme

const whole = (children: ReactNode) => (
  <main style={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
    <h1 className="only-heard">Pieces</h1>
    {children}
  </main>
)
const pages: Readonly<Record<string, () => ReactNode>> = {
  pieces: () => <PiecesPage />,
  grid: () => whole(<RunsGrid filter={query.get('filter') ?? ''} />),
  charts: () => <ChartsPage />,
  live: () => <LivePage />,
  scatter: () => <ScatterPage />,
  heavy: () => <HeavyPage />,
  big: () => whole(<BigGrid late={Number(query.get('late') ?? 0)} />),
}

const toasts = createToasts()
const root = document.getElementById('root')
if (root === null) throw new Error('The page has no #root')
const page = pages[query.get('page') ?? 'pieces'] ?? (() => <PiecesPage />)
createRoot(root).render(
  <StrictMode>
    <UiProvider>
      <ToastRegion toasts={toasts}>{page()}</ToastRegion>
    </UiProvider>
  </StrictMode>,
)
