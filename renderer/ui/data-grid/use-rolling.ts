import { useEffect, useEffectEvent, type RefObject } from 'react'

/** Milliseconds after the last scroll event until it counts as rest. */
const REST = 150

/** Whether it is being scrolled up or down at this moment. */
export const isRolling = (node: HTMLElement): boolean => node.hasAttribute('data-rolling')

/**
 * Marks an element with `data-rolling` while it is scrolled up or down and not to the side. Each row's pinned part sticks, and what sticks is a layer of
 * its own, for which every frame is put together anew; while nothing is scrolled to the side, nothing has to stick. The element is marked without a
 * draw, as that is what it saves. `onRest` is called when it stands still again.
 */
export function useRolling(element: RefObject<HTMLElement | null>, onRest: (node: HTMLElement) => void): void {
  const tellRest = useEffectEvent(onRest)
  useEffect(() => {
    const node = element.current
    if (node === null) return undefined
    let { scrollTop } = node
    let timer: ReturnType<typeof setTimeout> | undefined
    const rest = () => {
      if (!isRolling(node)) return
      node.removeAttribute('data-rolling')
      tellRest(node)
    }
    const roll = (isVertical: boolean) => {
      node.toggleAttribute('data-rolling', isVertical)
      clearTimeout(timer)
      timer = setTimeout(rest, REST)
    }
    const onScroll = () => {
      const isVertical = node.scrollLeft === 0 && node.scrollTop !== scrollTop
      scrollTop = node.scrollTop
      roll(isVertical)
    }
    // Rows move under the pointer before the first scroll event tells so.
    const onWheel = ({ deltaX, deltaY }: WheelEvent) => {
      if (node.scrollLeft === 0 && Math.abs(deltaY) > Math.abs(deltaX)) roll(true)
    }
    node.addEventListener('scroll', onScroll, { passive: true })
    node.addEventListener('wheel', onWheel, { passive: true })
    return () => {
      clearTimeout(timer)
      node.removeEventListener('scroll', onScroll)
      node.removeEventListener('wheel', onWheel)
    }
  }, [element])
}
