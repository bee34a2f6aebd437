import { createContext, use, useEffect, useRef, useState, type ReactNode } from 'react'
import { createStore, useStore, type StoreApi } from 'zustand'
import { Button } from '../buttons/button.tsx'
import { IconButton } from '../buttons/icon-button.tsx'
import { StateIcon, type StateMark } from '../icons/state-icon.tsx'
import { Kbd } from '../keys/kbd.tsx'
import s from './states.module.css'
import { TOAST_MILLISECONDS } from './toast-time.ts'

export interface Toast {
  /** "4 runs moved to trash, kept 30 days" */
  readonly text: string
  readonly state?: StateMark | undefined
  /** Names what it speaks of, so that it can be closed when that is over. */
  readonly about?: string | undefined
  /** Undo, or the one thing to do next. */
  readonly action?: { readonly label: string; readonly keys?: string; readonly onPress: () => void } | undefined
}
interface Shown extends Toast {
  readonly id: number
}
interface ToastState {
  readonly toasts: readonly Shown[]
  readonly next: number
}

/** More than this many are not kept: the oldest goes. */
const MOST = 3

export interface Toasts {
  readonly store: StoreApi<ToastState>
  /** Shows one; for finished work and undo only, never for errors, which stand beside their cause. */
  readonly show: (toast: Toast) => number
  readonly close: (id: number) => void
  /** Closes what speaks of this: it is over. */
  readonly closeAbout: (about: string) => void
  /** Closes the newest of those that speak of something whose name begins so. */
  readonly closeNewest: (about: string) => void
}

export const createToasts = (): Toasts => {
  const store = createStore<ToastState>(() => ({ toasts: [], next: 1 }))
  return {
    store,
    show: (toast) => {
      const id = store.getState().next
      store.setState(({ toasts }) => ({
        // A key does what the newest says of it.
        toasts: [...toasts.map((older) => withoutKeys(older, toast.action?.keys)), { ...toast, id }].slice(-MOST),
        next: id + 1,
      }))
      return id
    },
    closeAbout: (about) =>
      store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.about !== about) })),
    closeNewest: (about) =>
      store.setState(({ toasts }) => {
        const newest = toasts.findLast((toast) => toast.about?.startsWith(about) === true)
        return { toasts: toasts.filter((toast) => toast !== newest) }
      }),
    close: (id) => store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
  }
}

function withoutKeys(toast: Shown, keys: string | undefined): Shown {
  if (toast.action === undefined || keys === undefined || toast.action.keys !== keys) return toast
  const { keys: _keys, ...action } = toast.action
  return { ...toast, action }
}

const Context = createContext<Toasts | null>(null)

/** The toasts of this window. Throws outside of ToastRegion. */
export const useToasts = (): Toasts => {
  const toasts = use(Context)
  if (toasts === null) throw new Error('useToasts needs a ToastRegion above it')
  return toasts
}

function ToastLine({ toast, onClose }: { toast: Shown; onClose: () => void }) {
  const [held, setHeld] = useState(false)
  // The latest closing function, so that a new render of the region does not start the time again.
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useEffect(() => {
    if (held) return undefined
    const timer = setTimeout(() => close.current(), TOAST_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [held])
  return (
    // Hovering only holds the toast; what can be done with it are its buttons.
    <div
      className={s.toast}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <StateIcon state={toast.state ?? 'done'} />
      <span className="grow">{toast.text}</span>
      {toast.action === undefined ? null : (
        <>
          <Button
            tone="link"
            onPress={() => {
              toast.action?.onPress()
              onClose()
            }}
          >
            {toast.action.label}
          </Button>
          {toast.action.keys === undefined ? null : <Kbd keys={toast.action.keys} joined />}
        </>
      )}
      <IconButton icon="close" label="Close" size="small" iconSize={10} onPress={onClose} />
    </div>
  )
}

/** Gives `useToasts` to what is inside, and shows them at the bottom left. They are said politely. */
export function ToastRegion({ toasts, children }: { toasts: Toasts; children: ReactNode }) {
  const shown = useStore(toasts.store, (state) => state.toasts)
  return (
    <Context value={toasts}>
      {children}
      <div className={s.toasts} role="status" aria-live="polite" aria-label="Notices">
        {shown.map((toast) => (
          <ToastLine key={toast.id} toast={toast} onClose={() => toasts.close(toast.id)} />
        ))}
      </div>
    </Context>
  )
}
