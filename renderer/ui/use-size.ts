import { useLayoutEffect, useState, type RefObject } from 'react'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Size of an element's content in px, 0 x 0 until it is laid out. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const node = element.current
    if (node === null) return undefined
    const read = () => {
      const next = { width: node.clientWidth, height: node.clientHeight }
      setSize((now) => (now.width === next.width && now.height === next.height ? now : next))
    }
    read()
    const observer = new ResizeObserver(read)
    observer.observe(node)
    return () => observer.disconnect()
  }, [element])
  return size
}
