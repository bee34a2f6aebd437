import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs'
import { cx } from '../cx.ts'
import s from './layout.module.css'

export interface TabItem<Id extends string> {
  readonly id: Id
  readonly label: string
  readonly count?: number | string | undefined
}

export interface TabsProps<Id extends string> {
  /** What the tabs are of; heard only. */
  readonly label: string
  readonly tabs: readonly TabItem<Id>[]
  readonly value: Id
  readonly onChange: (id: Id) => void
  /** The page of the chosen tab. */
  readonly children: ReactNode
  /** What stands around the page and stays while tabs change: an inspector beside it. */
  readonly frame?: ((page: ReactNode) => ReactNode) | undefined
  readonly className?: string | undefined
}

/** Pages of one thing. Arrows choose; the words that are not chosen take no Tab stop. */
export function Tabs<Id extends string>(props: TabsProps<Id>) {
  const { label, tabs, value, onChange, children, frame = (page) => page, className } = props
  return (
    <AriaTabs
      className={cx(s.tabs, className)}
      selectedKey={value}
      onSelectionChange={(key) => {
        const tab = tabs.find((one) => one.id === key)
        if (tab !== undefined) onChange(tab.id)
      }}
    >
      <TabList aria-label={label} className={s.tabList ?? ''} items={tabs} dependencies={[tabs]}>
        {(tab) => (
          <Tab id={tab.id} className={s.tab ?? ''}>
            <span className={s.word} data-word={tab.label}>
              {tab.label}
            </span>
            {tab.count === undefined ? null : <span className={s.count}>{tab.count}</span>}
          </Tab>
        )}
      </TabList>
      {frame(
        // Its id is kept from its first draw on, and must be the one that its tab names.
        <TabPanel key={value} id={value} className={s.tabPanel ?? ''}>
          {children}
        </TabPanel>,
      )}
    </AriaTabs>
  )
}
