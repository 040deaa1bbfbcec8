import type { Command } from 'commander'
import { batteries } from '../batteries/index.ts'
import { choose } from '../cli/choose.ts'
import { EXIT, UsageError } from '../cli/errors.ts'
import { anySeed, parseSeed } from '../cli/numbers.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { type BatteryRequest, runOnStage } from '../cli/run-on-stage.ts'
import { withStage } from '../cli/with-stage.ts'
import { writeJUnit } from '../report/junit.ts'
import { scheduleToJson } from '../report/schedule-to-json.ts'
import { verdictToJson } from '../report/to-json.ts'
import { clientProfiles } from '../run/client-profile.ts'
import { scheduleOf } from '../run/schedule-of.ts'
import { renderSchedule } from '../screen/schedule.ts'
import { renderVerdict } from '../screen/verdict.ts'

interface Options {
  readonly seed?: string
  readonly order: string
  readonly client: string
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly junit?: string
}

export default function battery(command: Command): void {
  command
    .argument('[name]', batteries.map(({ name, summary }) => `${name} (${summary})`).join(', '))
    .option('--seed <number>', 'decides all chance; printed, so that a run can be repeated')
    .option('--order <service>', 'a file, exercise:ID, solution:ID or starting', 'starting')
    .option('--client <kind>', 'persistent, or impatient: gives up as people do', 'persistent')
    .option('--json', 'one object on standard output')
    .option('--junit <file>', 'the checks as JUnit XML, for CI')
    .option('--dry-run', 'shows the schedule and runs nothing')
    .action(perform<Options, [string | undefined]>(run))
}

async function run(context: Context<Options>, name: string | undefined): Promise<number> {
  const { options, output } = context
  const request = requestOf(options, name)
  if (options.dryRun) {
    const faults = scheduleOf(request.battery, request.seed)
    output.print('', ...renderSchedule(output.theme, request.battery, request.seed, faults), '')
    output.result(scheduleToJson(request.battery, request.seed, faults))
    return EXIT.passed
  }
  return withStage(context, request.orderService.file, async (kitchen) => {
    const verdict = await runOnStage(kitchen, context, request)
    output.print('', ...renderVerdict(output.theme, verdict, { stays: kitchen.stays }), '')
    output.result(verdictToJson(verdict))
    if (options.junit !== undefined) await writeJUnit(options.junit, verdict)
    return verdict.passed ? EXIT.passed : EXIT.failed
  })
}

function requestOf({ seed, order, client }: Options, name: string | undefined): BatteryRequest {
  if (name === undefined)
    throw new UsageError('Which battery?', {
      remedy: batteries.map((each) => `pnpm workshop battery ${each.name.padEnd(10)}  ${each.summary}`),
    })
  return {
    battery: choose('battery', name, batteries),
    seed: seed === undefined ? anySeed() : parseSeed(seed),
    orderService: chooseOrderService(order, REPOSITORY),
    client: choose('client', client, clientProfiles),
  }
}
