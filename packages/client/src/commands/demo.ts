import type { Command } from 'commander'
import { complete } from '../batteries/complete.ts'
import { EXIT } from '../cli/errors.ts'
import { parseSeed } from '../cli/numbers.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { runOnStage } from '../cli/run-on-stage.ts'
import { type Kitchen, withStage } from '../cli/with-stage.ts'
import { verdictToJson } from '../report/to-json.ts'
import { persistent } from '../run/client-profile.ts'
import type { Verdict } from '../run/verdict.ts'
import { renderCompare } from '../screen/compare.ts'

interface Options {
  readonly seed: string
}

const SEED = '7'
export const FINISHED = 'solution:12-game-day'

export default function demo(command: Command): void {
  command
    .option('--seed <number>', 'decides all chance', SEED)
    .option('--json', 'one object on standard output')
    .action(perform<Options>((context) => runDemo(context, context.options.seed)))
}

/** The same battery and seed on the starting service and on the finished one; passes when the finished one does. */
export async function runDemo(context: Context, seed = SEED): Promise<number> {
  parseSeed(seed)
  const starting = chooseOrderService('starting', REPOSITORY)
  return withStage(context, starting.file, async (kitchen) => {
    const { after } = await compare(kitchen, context, parseSeed(seed), FINISHED)
    return after.passed ? EXIT.passed : EXIT.failed
  })
}

/** On a restaurant that runs the starting service. */
export async function compare(
  kitchen: Kitchen,
  context: Context,
  seed: number,
  other: string,
): Promise<{ before: Verdict; after: Verdict }> {
  const { output } = context
  const request = { battery: complete, seed, client: persistent }
  const starting = chooseOrderService('starting', REPOSITORY)
  const finished = chooseOrderService(other, REPOSITORY)
  const before = await runOnStage(kitchen, context, { ...request, orderService: starting })
  await kitchen.stage.useOrderService(finished.file)
  const after = await runOnStage(kitchen, context, { ...request, orderService: finished })
  output.print('', ...renderCompare(output.theme, before, after), '')
  output.result({ passed: after.passed, starting: verdictToJson(before), finished: verdictToJson(after) })
  return { before, after }
}
