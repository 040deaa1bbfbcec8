import { join } from 'node:path'
import { Disruptor, type FaultEvent, faultEventFile, ledgerAt } from '@chaos-kitchen/disruptor'
import type { Stage } from '@chaos-kitchen/kitchen'
import type { Command } from 'commander'
import { EXIT } from '../cli/errors.ts'
import { anySeed, parseDuration, parseSeed } from '../cli/numbers.ts'
import { chooseOrderService } from '../cli/order-service.ts'
import type { Output } from '../cli/output.ts'
import { type Context, perform } from '../cli/perform.ts'
import { REPOSITORY } from '../cli/repository.ts'
import { withStage } from '../cli/with-stage.ts'
import { describeEffect, seconds } from '../faults/describe.ts'
import { pause } from '../run/pause.ts'
import { type StandingDisruption, standingDisruptions } from '../run/standing-disruptions.ts'
import { row } from '../screen/layout.ts'

interface Options {
  readonly every: string
  readonly for: string
  readonly seed?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

const TARGETS = ['order', 'menu', 'loyalty', 'postgres']
const SHOWN = 10

export default function disrupt(command: Command): void {
  command
    .option('--every <duration>', 'pause between two disruptions, on average', '10s')
    .option('--for <duration>', 'how long each lasts', '5s')
    .option('--seed <number>', 'decides all chance; printed, so that a run can be repeated')
    .option('--dry-run', `shows the first ${SHOWN} and disturbs nothing`)
    .option('--json', 'the first of them as one object, with --dry-run')
    .action(perform<Options>(run))
}

async function run(context: Context<Options>): Promise<number> {
  const { options, output } = context
  const seed = options.seed === undefined ? anySeed() : parseSeed(options.seed)
  const [every, duration] = [parseDuration(options.every), parseDuration(options.for)]
  const plan = standingDisruptions({ seed, every, duration, targets: TARGETS })
  if (options.dryRun) {
    const first = plan.take(SHOWN).toArray()
    output.print(
      '',
      ` ${output.theme.bold(`disrupt · seed ${seed}`)}`,
      '',
      ...first.map((each) => line(output, each)),
      '',
    )
    output.result({ seed, dryRun: true, disruptions: first })
    return EXIT.passed
  }
  return withStage(context, chooseOrderService('starting', REPOSITORY).file, async ({ stage, home }) => {
    output.note(`seed ${seed} · until Ctrl-C; whatever is down then comes back`)
    await disturb(stage, join(home, 'disruptions.jsonl'), plan, context)
    return EXIT.passed
  })
}

/** Until the signal aborts; what is disturbed then is brought back before it returns. */
async function disturb(
  stage: Stage,
  file: string,
  plan: Generator<StandingDisruption>,
  { output, signal }: Context,
): Promise<void> {
  const events = faultEventFile(file)
  const { reportFault } = stage.addresses()
  const onEvent = (event: FaultEvent) => {
    events.write(event)
    const { id, kind, target, from, to, detail } = event
    // Drawn over traces where that is possible; the file has every event.
    reportFault({ id, kind, target, from, ...(to !== undefined && { to }), label: detail }).catch(() => undefined)
  }
  const disruptor = new Disruptor({ targets: stage.targets(), ledger: ledgerAt(stage.ledger), onEvent })
  const run = Date.now().toString(36)
  let number = 0
  try {
    for (const { after, kind, target, duration } of plan) {
      await pause(after, signal)
      if (signal.aborted) return
      const disruption = await disruptor.begin({ id: `${run}-${++number}`, kind, target }, signal)
      output.print(line(output, { after, kind, target, duration }))
      await pause(duration, signal)
      const { timeToRecover = 0 } = await disruption.end()
      output.print(`   ${output.theme.dim(`${target} serves again after ${seconds(timeToRecover)}`)}`)
    }
  } finally {
    await disruptor.close()
    await events.settled()
    output.note('Everything runs again.')
  }
}

function line({ theme }: Output, { after, kind, target, duration }: StandingDisruption): string {
  return row(theme, [
    { text: `+ ${seconds(after)}`, width: 12, align: 'right', paint: theme.dim },
    { text: `  ${target}`, width: 12 },
    { text: describeEffect({ kind, target }), width: 12 },
    { text: duration === 0 ? 'once' : seconds(duration), paint: theme.dim },
  ])
}
