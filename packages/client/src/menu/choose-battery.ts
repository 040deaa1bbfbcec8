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
import { renderVerdict } from '../screen/verdict.ts'
import type { KeptKitchen } from './kept-kitchen.ts'

export async function chooseBattery(context: Context, kitchen: KeptKitchen): Promise<void> {
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
  context.output.print('', ...renderVerdict(context.output.theme, verdict, { stays: true }))
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
