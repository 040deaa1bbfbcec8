import type { Command } from 'commander'
import { complete } from '../batteries/complete.ts'
import { EXIT } from '../cli/errors.ts'
import { parseSeed } from '../cli/numbers.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { runOnStage } from '../cli/run-on-stage.ts'
import { withStage } from '../cli/with-stage.ts'
import { verdictToJson } from '../report/to-json.ts'
import { persistent } from '../run/client-profile.ts'
import { renderCompare } from '../screen/compare.ts'

interface Options {
  readonly seed: string
  readonly json?: boolean
}

const FINISHED = 'solution:12-game-day'

export default function demo(command: Command): void {
  command
    .option('--seed <number>', 'decides all chance', '7')
    .option('--json', 'one object on standard output')
    .action(perform<Options>((context) => compare(context, FINISHED)))
}

/** The same battery and seed on the starting service and on another one; passes when the other one does. */
export async function compare(context: Context<Options>, other: string): Promise<number> {
  const { options, output } = context
  const request = { battery: complete, seed: parseSeed(options.seed), client: persistent }
  const starting = chooseOrderService('starting', REPOSITORY)
  const finished = chooseOrderService(other, REPOSITORY)
  return withStage(context, starting.file, async (kitchen) => {
    const before = await runOnStage(kitchen, context, { ...request, orderService: starting })
    await kitchen.stage.useOrderService(finished.file)
    const after = await runOnStage(kitchen, context, { ...request, orderService: finished })
    output.print('', ...renderCompare(output.theme, before, after), '')
    output.result({ passed: after.passed, starting: verdictToJson(before), finished: verdictToJson(after) })
    return after.passed ? EXIT.passed : EXIT.failed
  })
}
