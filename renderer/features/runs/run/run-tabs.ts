export type RunTab = 'overview' | 'charts' | 'log' | 'artifacts' | 'code' | 'environment' | 'notes'

/** The tabs of a run's page, in their order; the keys 1 to 7 show them. */
export const RUN_TABS: readonly { readonly id: RunTab; readonly label: string }[] = [
  { id: 'overview', label: 'Overview' },
  { id: 'charts', label: 'Charts' },
  { id: 'log', label: 'Log' },
  { id: 'artifacts', label: 'Artifacts' },
  { id: 'code', label: 'Code' },
  { id: 'environment', label: 'Environment' },
  { id: 'notes', label: 'Notes' },
]

/** The tab of an address; Overview for one that is unknown. */
export function tabOf(name: string | undefined): RunTab {
  return RUN_TABS.find(({ id }) => id === name)?.id ?? 'overview'
}
