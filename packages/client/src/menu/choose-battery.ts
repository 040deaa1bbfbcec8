import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import inquirer from 'inquirer'
import { batteries } from '../batteries/index.ts'
import { anySeed, parseSeed } from '../cli/numbers.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { runOnStage } from '../cli/run-on-stage.ts'
import { persistent } from '../run/client-profile.ts'
import { headline, renderVerdict } from '../screen/verdict.ts'
import type { KeptKitchen } from './kept-kitchen.ts'

/** @returns the headline of the verdict */
export async function chooseBattery(context: Context, kitchen: KeptKitchen): Promise<string> {
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
    },
    { type: 'select', name: 'order', message: 'Which order service?', choices: orderServices() },
    { type: 'input', name: 'seed', message: 'Seed', default: String(anySeed()), validate: isSeed },
  ])
  const orderService = chooseOrderService(order, REPOSITORY)
  const ready = await kitchen.ready(orderService.file)
  const request = { battery, seed: parseSeed(seed), orderService, client: persistent }
  const verdict = await runOnStage(ready, context, request)
  const { theme } = context.output
  context.output.print('', ...renderVerdict(theme, verdict, { stays: true }))
  return headline(theme, verdict)
}

/** The finished one comes right after the starting one: those two are compared most. */
function orderServices(): { name: string; value: string }[] {
  const solutions = readdirSync(join(REPOSITORY, 'solutions')).filter((name) => /^\d\d-/.test(name))
  return [
    { name: 'the starting one', value: 'starting' },
    ...solutions
      .sort()
      .reverse()
      .map((id) => ({ name: `solution ${id}`, value: `solution:${id}` })),
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
