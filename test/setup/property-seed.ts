/**
 * On a build machine property tests draw the same values each time: a build judges its change, not the luck of the day. Everywhere else they draw
 * new ones; what they find becomes an example of its own.
 */
if (process.env['CI'] === 'true') {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ seed: 1 })
}
