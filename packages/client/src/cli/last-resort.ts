import { EXIT } from './errors.ts'

/** What nobody expected is told like any other error, without a stack; the host then closes the restaurant. */
export function catchTheUnexpected(): void {
  process.once('uncaughtException', (error) => void tell(error).finally(() => process.exit(EXIT.stage)))
}

async function tell(error: unknown): Promise<void> {
  const [{ renderError }, { themeFor }] = await Promise.all([import('./report-error.ts'), import('../screen/theme.ts')])
  process.stderr.write(`\n${renderError(themeFor(process.stderr), error).join('\n')}\n\n`)
}
