import { useEffect, useState } from 'react'
import { useHost } from '#renderer/client/index.ts'
import { useLatest } from '#renderer/lib/use-latest.ts'

/**
 * Hears of a file or folder that is dropped anywhere on the window. Returns whether one is over it now. A browser does not say where a file lies:
 * then `onHidden` is called.
 */
export function useDropImport(onPath: (path: string) => void, onHidden: () => void): boolean {
  const { pathOf } = useHost()
  const [over, setOver] = useState(false)
  const latest = useLatest({ onPath, onHidden, pathOf })
  useEffect(() => {
    // Entering a child comes before leaving its parent, so depth is counted.
    let depth = 0
    const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
    const enter = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      depth += 1
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const move = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
    }
    const drop = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      const [file] = event.dataTransfer?.files ?? []
      if (file === undefined) return
      const path = latest.current.pathOf(file)
      if (path === null) latest.current.onHidden()
      else latest.current.onPath(path)
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragleave', leave)
    window.addEventListener('dragover', move)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('dragover', move)
      window.removeEventListener('drop', drop)
    }
  }, [latest])
  return over
}
