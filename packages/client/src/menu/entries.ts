import type { Context } from '../cli/perform.ts'
import type { KeptKitchen } from './kept-kitchen.ts'

export interface MenuEntry {
  readonly name: string
  readonly summary: string
  /**
   * Loads what it needs when it is chosen, so that the menu comes at once.
   * @returns a line that is told again above the next menu, where the answer has scrolled out of a small terminal
   */
  run(context: Context, kitchen: KeptKitchen): Promise<unknown>
}

/** What the menu offers; a new entry is one object here. */
export const entries: readonly MenuEntry[] = [
  {
    name: 'Learn',
    summary: 'exercises: edit a file, see what still breaks',
    run: async (...args) => (await import('./learn.ts')).learn(...args),
  },
  {
    name: 'Run a battery',
    summary: 'orders under chaos, with a verdict',
    run: async (...args) => (await import('./choose-battery.ts')).chooseBattery(...args),
  },
  {
    name: 'Compare',
    summary: 'the starting service and the finished one, same chaos',
    run: async (...args) => (await import('./compare-services.ts')).compareServices(...args),
  },
  {
    name: 'Look up a trace',
    summary: 'by ID, or the slowest of the last run',
    run: async (context) => (await import('./look-up-trace.ts')).lookUpTrace(context),
  },
  {
    name: 'Make trouble',
    summary: 'add a fault by hand, stop something',
    run: async (...args) => (await import('./trouble.ts')).makeTrouble(...args),
  },
  {
    name: 'Check this machine',
    summary: '',
    run: async (context) => (await import('../commands/doctor.ts')).examine(context),
  },
]
