import { Icon } from '#renderer/ui/icons/icon.tsx'
import s from './notice.module.css'

/** Lies over the window while a file or folder is held over it: letting go imports it. */
export function DropNotice({ project }: { readonly project: string }) {
  return (
    <div className={s.drop} role="status">
      <div>
        <Icon name="download" size={16} />
        Drop to import into {project}
      </div>
    </div>
  )
}
