import { type RefObject, useEffect, useRef } from 'react'

/** The newest value for what runs later, such as a command: reading it draws nothing anew. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  })
  return latest
}
