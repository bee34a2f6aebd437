import { Component, type ErrorInfo, type ReactNode } from 'react'
import { isNotLoaded } from '#renderer/ui/lazy-part.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import s from './error-boundary.module.css'

export interface BoundaryReport {
  readonly logId: string
  readonly error: Error
  readonly where: string
}

export interface ErrorBoundaryProps {
  /** What fell over, in words: "The runs page". */
  readonly name: string
  /** When this changes, e.g. the route, another try is made. */
  readonly resetKey?: string | undefined
  /** Writes it where logs are kept, under the id that the person sees. */
  readonly onError?: ((report: BoundaryReport) => void) | undefined
  readonly children: ReactNode
}

interface State {
  readonly failed: { readonly error: Error; readonly logId: string } | null
  readonly key: string | undefined
}

/** Eight hexadecimal digits: short enough to be read out, and to be found in a log. */
const newLogId = (): string => crypto.randomUUID().slice(0, 8)

/**
 * Keeps a fault in one place from taking the window with it: what happened, that data is whole, Try again (Reload where
 * code is missing), and the id
 * under which it is logged. A class, because React has no other way to catch what drawing throws.
 */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { failed: null, key: this.props.resetKey }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failed: { error: error instanceof Error ? error : new Error(String(error)), logId: newLogId() } }
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: State): Partial<State> | null {
    return props.resetKey === state.key ? null : { failed: null, key: props.resetKey }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    const { failed } = this.state
    this.props.onError?.({
      logId: failed?.logId ?? '',
      error: error instanceof Error ? error : new Error(String(error)),
      where: info.componentStack ?? '',
    })
  }

  override render(): ReactNode {
    const { failed } = this.state
    if (failed === null) return this.props.children
    return (
      <div className={s.place}>
        <ErrorPanel
          title={`${this.props.name} could not be drawn`}
          action={
            isNotLoaded(failed.error)
              ? { label: 'Reload', onPress: () => location.reload() }
              : { label: 'Try again', onPress: () => this.setState({ failed: null }) }
          }
          details={failed.error.stack ?? failed.error.message}
          logId={failed.logId}
        >
          {failed.error.message}. Nothing that was recorded is touched; other pages still work.
        </ErrorPanel>
      </div>
    )
  }
}
