import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../styles.css'
import { createToasts, ToastRegion } from '../states/toasts.tsx'
import { PiecesPage } from './pieces-page.tsx'

/** The pieces on a page of their own, for whoever draws or changes them: `?theme=dark`, `?page=pieces`. Not shipped. */
const query = new URLSearchParams(location.search)
const theme = query.get('theme')
if (theme !== null) document.documentElement.dataset['theme'] = theme

const toasts = createToasts()
const root = document.getElementById('root')
if (root === null) throw new Error('The page has no #root')
createRoot(root).render(
  <StrictMode>
    <ToastRegion toasts={toasts}>
      <PiecesPage />
    </ToastRegion>
  </StrictMode>,
)
