import type { Command } from 'commander'

export interface CommandEntry {
  readonly name: string
  readonly summary: string
  /** Loads the module that knows the command's arguments; not before it is asked for, so that help comes at once. */
  load(): Promise<{ readonly default: (command: Command) => void }>
}

/** Every command; a new one is a file and a line here. */
export const commands: readonly CommandEntry[] = [
  { name: 'menu', summary: 'choose what to do (the default)', load: () => import('./menu.ts') },
  { name: 'demo', summary: 'the starting service and the finished one, side by side', load: () => import('./demo.ts') },
  { name: 'battery', summary: 'orders under chaos, with a verdict', load: () => import('./battery.ts') },
  { name: 'report', summary: 'a run as a page; --compare for two', load: () => import('./report.ts') },
  {
    name: 'trace',
    summary: 'an order as a waterfall; the slowest of the last run by default',
    load: () => import('./trace.ts'),
  },
  { name: 'chaos', summary: 'add and remove faults by hand, stop something', load: () => import('./chaos.ts') },
  { name: 'disrupt', summary: 'stop something at random, until Ctrl-C', load: () => import('./disrupt.ts') },
  { name: 'up', summary: 'start the restaurant and leave it running', load: () => import('./up.ts') },
  { name: 'down', summary: 'stop it', load: () => import('./down.ts') },
  { name: 'status', summary: 'what runs, and where', load: () => import('./status.ts') },
  { name: 'doctor', summary: 'check this machine', load: () => import('./doctor.ts') },
  { name: 'exercise', summary: 'learn: edit a file, see what still breaks', load: () => import('./exercise.ts') },
  { name: 'list', summary: 'the exercises, and which are passed', load: () => import('./list.ts') },
  { name: 'hint', summary: 'the next hint for an exercise', load: () => import('./hint.ts') },
  { name: 'diff', summary: 'your file and the solution', load: () => import('./diff.ts') },
  { name: 'reset', summary: 'an exercise as it was', load: () => import('./reset.ts') },
  { name: 'solution', summary: 'a solution, explained', load: () => import('./solution.ts') },
  { name: 'new-exercise', summary: 'an exercise of your own, to begin with', load: () => import('./new-exercise.ts') },
  { name: 'scoreboard', summary: 'a page that shows who passed what', load: () => import('./scoreboard.ts') },
  { name: 'verify', summary: 'prove that exercises fail and solutions pass', load: () => import('./verify.ts') },
]
