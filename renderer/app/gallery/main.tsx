import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createToasts, ToastRegion } from '#renderer/ui/states/toasts.tsx'
import '#renderer/ui/styles.css'
import { UiProvider } from '#renderer/ui/ui-provider.tsx'
import { FramePage } from './frame-page.tsx'

/** The frame around invented runs, without a backend, for whoever draws or changes it: `?theme=dark`. Not shipped. */
const theme = new URLSearchParams(location.search).get('theme')
if (theme !== null) document.documentElement.dataset['theme'] = theme

const toasts = createToasts()
const root = document.getElementById('root')
if (root === null) throw new Error('The page has no #root')
createRoot(root).render(
  <StrictMode>
    <UiProvider>
      <ToastRegion toasts={toasts}>
        <FramePage />
      </ToastRegion>
    </UiProvider>
  </StrictMode>,
)
