import { type ComponentType, useEffect } from 'react'
import { type LazyPart, lazyPart, notLoaded } from './lazy-part.tsx'
import { useToasts } from './states/toasts.tsx'

/** A dialog that comes when it is first opened. Code that can't be had is said in a notice that offers to reload: around a dialog nothing would catch an error. */
export const lazyDialog = <Props extends { readonly onClose: () => void }>(
  load: () => Promise<ComponentType<Props>>,
): LazyPart<Props> => {
  const part = lazyPart<Props>(() => load().catch(() => NotLoaded))
  return Object.assign(part, { preload: () => load().catch(() => undefined) })
}

function NotLoaded({ onClose }: { readonly onClose: () => void }) {
  const toasts = useToasts()
  useEffect(() => {
    toasts.show({
      text: notLoaded().message,
      state: 'bad',
      about: 'not loaded',
      action: { label: 'Reload', onPress: () => location.reload() },
    })
    onClose()
  }, [toasts, onClose])
  return null
}
