import { lazy, Suspense } from 'react'
import { Loading } from '#renderer/ui/states/loading.tsx'

// The editor is 2.7 MB: it comes when the first file is opened.
const Lazy = lazy(async () => ({ default: (await import('./code-viewer.tsx')).CodeViewer }))

/** A text file to be read, with colours, line numbers and find. Fills its positioned parent. */
export function CodeViewer({ text, path }: { readonly text: string; readonly path: string }) {
  return (
    <Suspense fallback={<Loading label="Editor" />}>
      <Lazy text={text} path={path} />
    </Suspense>
  )
}
