import { lazyPart } from '#renderer/ui/lazy-part.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'

// The editor is 2.7 MB: it comes when the first file is opened.
const Lazy = lazyPart(() => import('./code-viewer.tsx').then((all) => all.CodeViewer), <Loading label="Editor" />)

/** A text file to be read, with colours, line numbers and find. Fills its positioned parent. */
export function CodeViewer({ text, path }: { readonly text: string; readonly path: string }) {
  return <Lazy text={text} path={path} />
}
