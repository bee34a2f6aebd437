import { cx } from '../cx.ts'
import { formatKeys, onMac } from './keys.ts'
import s from './kbd.module.css'

/**
 * Key caps of a shortcut, e.g. `<Kbd keys="Mod+K" />`. `joined` puts a chord into one cap, as in a search field.
 * `quiet` has no fill of its own: for caps on a coloured button.
 */
export function Kbd({ keys, joined = false, quiet = false }: { keys: string; joined?: boolean; quiet?: boolean }) {
  const mac = onMac()
  const caps = formatKeys(keys, mac)
  const shown = joined ? [caps.join(mac ? '' : ' ')] : caps
  return (
    <span className={s.caps}>
      {shown.map((cap, at) => (
        // Caps have no identity but their place.
        <kbd key={at} className={cx(s.cap, quiet && s.quiet)}>
          {cap}
        </kbd>
      ))}
    </span>
  )
}
