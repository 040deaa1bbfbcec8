import { StageError } from '@chaos-kitchen/kitchen'
import { paragraph } from '../screen/layout.ts'
import type { Theme } from '../screen/theme.ts'
import { EXIT, Interrupted, UsageError } from './errors.ts'

/** What happened, what it means, what to do; never a stack, unless KITCHEN_DEBUG asks for one. */
export function renderError(theme: Theme, error: unknown): string[] {
  const { what, meaning, remedy, place } = partsOf(error)
  const [first = '', ...rest] = paragraph(theme, what, 1)
  return [
    theme.fail(first),
    ...rest.map(theme.fail),
    ...(place === undefined ? [] : [` ${place}`]),
    ...(meaning === undefined ? [] : paragraph(theme, meaning, 1)),
    ...remedy.map((step) => `   ${theme.plain(step)}`),
    ...(process.env.KITCHEN_DEBUG && error instanceof Error ? ['', error.stack ?? ''] : []),
  ]
}

export function errorToJson(error: unknown) {
  const { code, what, meaning, remedy, place } = partsOf(error)
  return { error: { code, what, meaning: meaning ?? null, remedy, ...(place !== undefined && { place }) } }
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode
  if (error instanceof UsageError) return EXIT.usage
  // A file that can't be loaded is the caller's to mend, not the stage's.
  if (error instanceof StageError) return error.location === undefined ? EXIT.stage : EXIT.usage
  return EXIT.stage
}

interface Parts {
  code: string
  what: string
  meaning: string | undefined
  remedy: readonly string[]
  place?: string
}

function partsOf(error: unknown): Parts {
  if (error instanceof StageError) {
    const { code, message, meaning, remedy, location } = error
    const position = [location?.file, location?.line, location?.column].filter((part) => part !== undefined).join(':')
    return { code, what: message, meaning, remedy, ...(position !== '' && { place: position }) }
  }
  if (error instanceof UsageError)
    return { code: 'usage', what: error.message, meaning: error.meaning, remedy: error.remedy }
  if (error instanceof Interrupted) return { code: 'interrupted', what: 'Interrupted.', meaning: undefined, remedy: [] }
  return {
    code: 'unexpected',
    what: `Something failed that should not: ${error instanceof Error ? error.message : String(error)}`,
    meaning: 'This is a fault of the workshop itself, not of your code.',
    remedy: [
      'pnpm workshop doctor            to check this machine',
      'KITCHEN_DEBUG=1 pnpm workshop … to see where it failed',
    ],
  }
}
