import { useEffect, useEffectEvent, useLayoutEffect, useState, type RefObject } from 'react'

export interface ScrollBox {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}

const nowhere: ScrollBox = { top: 0, left: 0, width: 0, height: 0 }

const same = (a: ScrollBox, b: ScrollBox): boolean =>
  a.top === b.top && a.left === b.left && a.width === b.width && a.height === b.height

/**
 * Where an element is scrolled to, and how large it is. `coarse` rounds positions to what changes the drawing, so that
 * most scroll events change nothing and draw nothing.
 */
export function useScrollBox(element: RefObject<HTMLElement | null>, coarse: (box: ScrollBox) => ScrollBox): ScrollBox {
  const [box, setBox] = useState<ScrollBox>(nowhere)
  const read = useEffectEvent(() => {
    const node = element.current
    if (node === null) return
    const { scrollTop: top, scrollLeft: left, clientWidth: width, clientHeight: height } = node
    const next = coarse({ top, left, width, height })
    setBox((now) => (same(now, next) ? now : next))
  })
  // Measured before the first paint, so that the table does not appear empty.
  useLayoutEffect(() => {
    const node = element.current
    if (node === null) return undefined
    const onScroll = () => read()
    read()
    node.addEventListener('scroll', onScroll, { passive: true })
    const sizes = new ResizeObserver(onScroll)
    sizes.observe(node)
    return () => {
      node.removeEventListener('scroll', onScroll)
      sizes.disconnect()
    }
  }, [element])
  // A change of the row height changes what a position means.
  useEffect(() => read(), [coarse])
  return box
}
