import { useEffect, useRef } from 'react'
import { createViewer } from './monaco.ts'
import s from './editor.module.css'

/** A text file in the editor, to be read: folding, find (Mod+F), minimap off. Loaded when first needed. */
export function CodeViewer({ text, path }: { readonly text: string; readonly path: string }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const node = box.current
    if (node === null) return undefined
    const viewer = createViewer(node, text, path)
    return () => viewer.dispose()
  }, [text, path])
  return <div ref={box} className={s.viewer} />
}
