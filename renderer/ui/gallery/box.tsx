import type { ReactNode } from 'react'
import s from './gallery.module.css'

export function Box({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={s.box}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

export function Line({ children }: { children: ReactNode }) {
  return <div className={s.line}>{children}</div>
}
