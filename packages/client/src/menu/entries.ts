import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import inquirer from 'inquirer'
import { batteries } from '../batteries/index.ts'
import { anySeed, parseSeed } from '../cli/numbers.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { runOnStage } from '../cli/run-on-stage.ts'
import { compare } from '../commands/demo.ts'
import { examine } from '../commands/doctor.ts'
import { showTrace } from '../commands/trace.ts'
import { persistent } from '../run/client-profile.ts'
import { renderVerdict } from '../screen/verdict.ts'
import type { KeptKitchen } from './kept-kitchen.ts'
import { makeTrouble } from './trouble.ts'

export interface MenuEntry {
  readonly name: string
  summary(kitchen: KeptKitchen): string
  run(context: Context, kitchen: KeptKitchen): Promise<unknown>
}

const starting = chooseOrderService('starting', REPOSITORY)

/** What the menu offers; a new entry is one object here. */
export const entries: readonly MenuEntry[] = [
  {
    name: 'Learn',
    summary: () => 'the exercises are coming',
    run: async ({ output }) => output.note('The exercises are coming; the batteries run already.'),
  },
  { name: 'Run a battery', summary: () => 'orders under chaos, with a verdict', run: runBattery },
  {
    name: 'Compare',
    summary: () => 'the starting service and the finished one, same chaos',
    run: async (context, kitchen) =>
      compare(await kitchen.ready(starting.file), context, anySeed(), 'solution:12-game-day'),
  },
  { name: 'Look up a trace', summary: () => 'by ID, or the slowest of the last run', run: lookUpTrace },
  { name: 'Make trouble', summary: () => 'add a fault by hand, stop something', run: makeTrouble },
  { name: 'Check this machine', summary: () => '', run: (context) => examine(context) },
]

async function runBattery(context: Context, kitchen: KeptKitchen): Promise<void> {
  const { battery, order, seed } = await inquirer.prompt([
    {
      type: 'select',
      name: 'battery',
      message: 'Which battery?',
      choices: batteries.map((each) => ({
        name: `${each.name.padEnd(12)}${each.summary}`,
        short: each.name,
        value: each,
      })),
      default: batteries.findIndex(({ name }) => name === 'complete'),
    },
    { type: 'select', name: 'order', message: 'Which order service?', choices: orderServices() },
    { type: 'input', name: 'seed', message: 'Seed', default: String(anySeed()), validate: isSeed },
  ])
  const orderService = chooseOrderService(order, REPOSITORY)
  const ready = await kitchen.ready(orderService.file)
  const request = { battery, seed: parseSeed(seed), orderService, client: persistent }
  const verdict = await runOnStage(ready, context, request)
  context.output.print('', ...renderVerdict(context.output.theme, verdict, { stays: true }))
}

function orderServices(): { name: string; value: string }[] {
  const solutions = readdirSync(join(REPOSITORY, 'solutions'))
    .filter((name) => /^\d\d-/.test(name))
    .sort()
  return [
    { name: 'the starting one', value: 'starting' },
    ...solutions.reverse().map((id) => ({ name: `solution ${id}`, value: `solution:${id}` })),
  ]
}

function isSeed(text: string): true | string {
  try {
    parseSeed(text)
    return true
  } catch {
    return 'a whole number'
  }
}

async function lookUpTrace(context: Context): Promise<void> {
  const { id } = await inquirer.prompt([
    { type: 'input', name: 'id', message: 'Trace (empty: the slowest of the last run)' },
  ])
  await showTrace(context, id === '' ? undefined : id)
}
