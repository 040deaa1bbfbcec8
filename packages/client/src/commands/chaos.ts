import type { Command } from 'commander'
import { choose } from '../cli/choose.ts'
import { EXIT, UsageError } from '../cli/errors.ts'
import { parseDuration } from '../cli/numbers.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { type HandFault, handFaults } from '../faults/by-hand.ts'
import { describeEffect, describePlace, seconds } from '../faults/describe.ts'
import { disruptByHand } from '../run/disrupt-by-hand.ts'
import { connectToxics } from '../run/toxics.ts'
import { row } from '../screen/layout.ts'

const KINDS = ['stop', 'kill', 'pause', 'restart'] as const

export default function chaos(command: Command): void {
  command.action(perform(list))
  command.command('list').description('the toxics that are in place').action(perform(list))
  command
    .command('add')
    .description('put a fault on a hop')
    .argument('<hop>', 'as order-menu')
    .argument('<kind>', handFaults.map(({ name }) => name).join(', '))
    .option('--ms <duration>', 'how slow, as 500ms or 2s', '500ms')
    .action(perform<{ ms: string }, [string, string]>(add))
  command
    .command('remove')
    .description('take a toxic away, or all of them')
    .argument('[name]')
    .option('--all', 'every toxic on every hop')
    .action(perform<{ all?: boolean }, [string | undefined]>(remove))
  command
    .command('disrupt')
    .description('stop something and start it again')
    .argument('[target]', 'order, menu, loyalty or postgres; any of them by default')
    .option('--kind <kind>', KINDS.join(', '), 'stop')
    .option('--for <duration>', 'how long, as 5s', '5s')
    .action(perform<{ kind: string; for: string }, [string | undefined]>(disrupt))
}

async function list(context: Context): Promise<number> {
  const { output } = context
  const toxics = await connectToxics((await running(context)).proxies()).list()
  if (toxics.length === 0) output.note('No toxics are in place.')
  for (const { hop, name, type, stream, attributes } of toxics) {
    const values = Object.entries(attributes).map(([key, value]) => `${key} ${value}`)
    const cells = [hop.replace('-', ' → '), name, `${type}, ${stream}`, values.join(', ')]
    output.print(
      row(
        output.theme,
        [20, 22, 22, undefined].map((width, index) => ({
          text: cells[index] ?? '',
          ...(width !== undefined && { width }),
        })),
      ),
    )
  }
  return EXIT.passed
}

async function add(context: Context<{ ms: string }>, hop: string, kind: string): Promise<number> {
  const { options, output } = context
  const stage = await running(context)
  const proxy = choose(
    'hop',
    hop,
    stage.proxies().hops.map((name) => ({ name })),
  )
  const effect = choose<HandFault>('kind of fault', kind, handFaults).on(proxy.name, parseDuration(options.ms))
  const toxics = connectToxics(stage.proxies())
  const name = freeName(
    kind,
    (await toxics.list()).map((toxic) => toxic.name),
  )
  await toxics.add(name, effect)
  output.note(`${describePlace(effect)}: ${describeEffect(effect)}, until "pnpm workshop chaos remove ${name}"`)
  return EXIT.passed
}

async function remove(context: Context<{ all?: boolean }>, name: string | undefined): Promise<number> {
  if (name === undefined && !context.options.all)
    throw new UsageError('Which toxic?', { remedy: ['pnpm workshop chaos list', 'pnpm workshop chaos remove --all'] })
  const toxics = connectToxics((await running(context)).proxies())
  const present = await toxics.list()
  const chosen = name === undefined ? present : [choose('toxic', name, present)]
  for (const toxic of chosen) await toxics.remove(toxic.name, toxic.hop)
  context.output.note(chosen.length === 1 ? 'One toxic removed.' : `${chosen.length} toxics removed.`)
  return EXIT.passed
}

async function disrupt(context: Context<{ kind: string; for: string }>, name: string | undefined): Promise<number> {
  const { options, output, signal } = context
  const kind = choose(
    'kind of disruption',
    options.kind,
    KINDS.map((each) => ({ name: each })),
  ).name
  const duration = parseDuration(options.for)
  const stage = await running(context)
  const targets = stage.targets().filter(({ eligible }) => eligible)
  const any = targets[Math.floor(Math.random() * targets.length)]
  const target = name === undefined && any !== undefined ? any.name : choose('target', name ?? '', targets).name
  output.note(
    `${target}: ${kind}${kind === 'restart' ? '' : `, for ${duration / 1_000} s; Ctrl-C brings it back at once`}`,
  )
  const recoveryMs = await disruptByHand(stage, { kind, target, duration }, signal)
  output.note(`${target} serves again after ${seconds(recoveryMs)}.`)
  return EXIT.passed
}

function freeName(kind: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) if (!taken.includes(`${kind}-${number}`)) return `${kind}-${number}`
}

/** @throws UsageError when no restaurant runs */
async function running(context: Context) {
  const stage = await openStage(context)
  if (!(await stage.status()).running)
    throw new UsageError('No restaurant runs to make trouble in.', { remedy: ['pnpm workshop up    to start one'] })
  await stage.up()
  return stage
}
