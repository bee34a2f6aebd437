import { describe, it } from 'vitest'
import { need, requiresAll, type Need } from './needs.ts'

/** The paths of what was asked for, by name. */
export type Paths<N extends Need> = Readonly<Record<N, string>>

/**
 * A `describe` whose tests need things that `npm ci` does not bring. Where one is missing the whole is skipped with the
 * reason in its title, or fails by name under BENCHTOP_REQUIRE_ALL=1.
 *
 *     describeWith(['mlflow'], 'autologging', ({ mlflow }) => { it('...', () => run(mlflow, ['train.py'])) })
 */
export function describeWith<N extends Need>(
  needs: readonly N[],
  title: string,
  body: (paths: Paths<N>) => void,
  timeout?: number,
): void {
  const answers = needs.map((name) => [name, need(name)] as const)
  const reasons = answers.flatMap(([, answer]) => (answer.ok ? [] : [answer.reason]))
  if (reasons.length === 0) {
    const paths = Object.fromEntries(answers.map(([name, answer]) => [name, answer.ok ? answer.path : '']))
    describe(title, timeout === undefined ? {} : { timeout }, () => body(paths as Paths<N>))
    return
  }
  const told = `${title} (${reasons.join('; ')})`
  if (!requiresAll()) {
    describe.skip(told, () => it('is skipped', () => {}))
    return
  }
  describe(told, () => {
    it('has what it needs', () => {
      throw new Error(reasons.join('\n'))
    })
  })
}
