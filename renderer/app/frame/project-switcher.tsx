import { Button } from '#renderer/ui/buttons/button.tsx'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import { Logo } from '#renderer/ui/icons/logo.tsx'
import { Menu } from '#renderer/ui/overlays/menu.tsx'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import s from './frame.module.css'

export interface ProjectSwitcherProps {
  /** "No project" while none is open. */
  readonly name: string
  /** Other projects, then opening one. */
  readonly entries: readonly MenuEntry[]
  readonly folded: boolean
}

/** The bench and the project's name, at the top of the rail. */
export function ProjectSwitcher({ name, entries, folded }: ProjectSwitcherProps) {
  return (
    <Menu label="Projects" entries={entries}>
      <Button tone="ghost" className={s.switcher} aria-label={`Project ${name}`}>
        <Logo />
        {folded ? null : (
          <>
            <span className="grow cut t1" style={{ textAlign: 'left' }}>
              {name}
            </span>
            <Icon name="upDown" size={12} />
          </>
        )}
      </Button>
    </Menu>
  )
}
