import { useEffect, type RefObject } from 'react'

/** Milliseconds after the last scroll event until it counts as rest. */
const REST = 150

/**
 * Marks an element with `data-rolling` while it is scrolled up or down and not to the side. Each row's pinned part sticks, and what sticks is a layer of
 * its own, for which every frame is put together anew; while nothing is scrolled to the side, nothing has to stick. The element is marked without a
 * draw, as that is what it saves.
 */
export function useRolling(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const node = element.current
    if (node === null) return undefined
    let { scrollTop } = node
    let timer: ReturnType<typeof setTimeout> | undefined
    const rest = () => node.removeAttribute('data-rolling')
    const onScroll = () => {
      const isVertical = node.scrollLeft === 0 && node.scrollTop !== scrollTop
      scrollTop = node.scrollTop
      node.toggleAttribute('data-rolling', isVertical)
      clearTimeout(timer)
      timer = setTimeout(rest, REST)
    }
    node.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      clearTimeout(timer)
      node.removeEventListener('scroll', onScroll)
    }
  }, [element])
}
