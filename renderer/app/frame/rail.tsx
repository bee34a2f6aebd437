import type { ReactNode } from 'react'
import { cx } from '#renderer/ui/cx.ts'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import type { IconName } from '#renderer/ui/icons/icon-paths.ts'
import { Kbd } from '#renderer/ui/keys/kbd.tsx'
import { ariaKeys, onMac } from '#renderer/ui/keys/keys.ts'
import s from './frame.module.css'

/** A place that one can go to. Only places that exist are given. */
export interface Place {
  readonly id: string
  readonly label: string
  readonly icon?: IconName | undefined
  readonly href: string
  readonly current?: boolean | undefined
  readonly count?: number | string | undefined
  /** A dot that asks for a look, and what it says: "1 report needs a look". */
  readonly alert?: { readonly tone: 'warn' | 'bad' | 'live'; readonly words: string } | undefined
  readonly keys?: string | undefined
  /** There is nothing to go to yet, e.g. while no project is open: seen, but quiet. */
  readonly disabled?: boolean | undefined
}

export interface PlaceGroup {
  readonly title: string
  readonly places: readonly Place[]
}

export interface RailProps {
  readonly project: ReactNode
  readonly places: readonly Place[]
  readonly groups: readonly PlaceGroup[]
  readonly foot: readonly Place[]
  readonly folded: boolean
  readonly onFolded: (folded: boolean) => void
  readonly onSearch: () => void
}

function PlaceLink({ place, folded, view = false }: { place: Place; folded: boolean; view?: boolean }) {
  const name = [place.label, place.alert?.words].filter((part) => part !== undefined).join(', ')
  return (
    <a
      className={cx(s.place, view && s.view)}
      aria-current={place.current === true ? 'page' : undefined}
      {...(place.disabled === true ? { 'aria-disabled': true, role: 'link' } : { href: place.href })}
      {...(folded || place.alert !== undefined ? { 'aria-label': name } : {})}
      title={folded ? name : undefined}
    >
      {place.icon === undefined ? null : <Icon name={place.icon} size={16} />}
      {folded ? null : <span className="cut">{place.label}</span>}
      {place.alert !== undefined ? (
        <i className={s.dot} data-tone={place.alert.tone} />
      ) : folded ? null : place.count !== undefined ? (
        <span className={s.count}>{place.count}</span>
      ) : place.keys === undefined ? null : (
        <span className={s.count}>
          <Kbd keys={place.keys} />
        </span>
      )}
    </a>
  )
}

/** The left rail, 176 or 48 px. Its edge folds it: a click, or Enter on it. */
export function Rail({ project, places, groups, foot, folded, onFolded, onSearch }: RailProps) {
  return (
    <nav className={s.rail} aria-label="Places" data-folded={folded ? '' : undefined}>
      <div className={s.project}>{project}</div>
      <button
        type="button"
        className={folded ? cx(s.place) : s.find}
        onClick={onSearch}
        aria-label="Search or run"
        aria-keyshortcuts={ariaKeys('Mod+K', onMac())}
        title={folded ? 'Search or run' : undefined}
        style={folded ? { margin: '2px 0 12px' } : undefined}
      >
        <Icon name="search" size={folded ? 16 : 12} />
        {folded ? null : (
          <>
            <span className="grow">Search or run</span>
            <Kbd keys="Mod+K" joined />
          </>
        )}
      </button>
      {places.map((place) => (
        <PlaceLink key={place.id} place={place} folded={folded} />
      ))}
      {folded
        ? null
        : groups.map((group) => (
            <div key={group.title} role="group" aria-label={group.title}>
              <h2 className={s.group}>{group.title}</h2>
              {group.places.map((place) => (
                <PlaceLink key={place.id} place={place} folded={false} view />
              ))}
            </div>
          ))}
      <span className="grow" />
      {foot.map((place) => (
        <PlaceLink key={place.id} place={place} folded={folded} />
      ))}
      <button
        type="button"
        className={s.edge}
        aria-label={folded ? 'Unfold the rail' : 'Fold the rail'}
        aria-expanded={!folded}
        onClick={() => onFolded(!folded)}
      />
    </nav>
  )
}
