import inquirer from 'inquirer'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Context } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { handFaults } from '../faults/by-hand.ts'
import { describeEffect, describePlace, seconds } from '../faults/describe.ts'
import { disruptByHand } from '../run/disrupt-by-hand.ts'
import { connectToxics } from '../run/toxics.ts'
import type { KeptKitchen } from './kept-kitchen.ts'

const SLOW = 1_000
const STOPPED_FOR = 5_000

/** A fault by hand: it stays until all are removed here, or the next battery begins. */
export async function makeTrouble({ output, signal }: Context, kitchen: KeptKitchen): Promise<void> {
  const { stage } = await kitchen.ready(chooseOrderService('starting', REPOSITORY).file)
  const toxics = connectToxics(stage.proxies())
  const present = await toxics.list()
  const { what } = await inquirer.prompt([
    {
      ...{ type: 'select', name: 'what', message: 'What trouble?' },
      choices: [
        ...handFaults.map((fault) => ({ name: describeEffect(fault.on('', SLOW)), value: fault })),
        { name: 'stop something for 5 s', value: 'stop' as const },
        ...(present.length > 0 ? [{ name: `remove what is there (${present.length})`, value: 'remove' as const }] : []),
      ],
    },
  ])
  if (what === 'remove') {
    for (const { name, hop } of present) await toxics.remove(name, hop)
    return output.note('All toxics are removed.')
  }
  if (what === 'stop') return stopSomething()
  const { hop } = await inquirer.prompt([
    { type: 'select', name: 'hop', message: 'Where?', choices: [...stage.proxies().hops] },
  ])
  const effect = what.on(hop, SLOW)
  await toxics.add(`by-hand-${present.length + 1}`, effect)
  output.note(`${describePlace(effect)}: ${describeEffect(effect)}. Orders: ${stage.addresses().order}/orders`)

  async function stopSomething(): Promise<void> {
    const targets = stage.targets().filter(({ eligible }) => eligible)
    const { target } = await inquirer.prompt([
      {
        type: 'select',
        name: 'target',
        message: 'What?',
        choices: targets.map((each) => ({ name: each.name, value: each.name })),
      },
    ])
    output.note(`${target} stops for 5 s; Ctrl-C brings it back at once.`)
    const recoveryMs = await disruptByHand(stage, { kind: 'stop', target, duration: STOPPED_FOR }, signal)
    output.note(`${target} serves again after ${seconds(recoveryMs)}.`)
  }
}
