import { mkdir, rename } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { EXIT, UsageError } from '../cli/errors.ts'
import { parsePort } from '../cli/numbers.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { exercises } from '../exercises/index.ts'
import { pause } from '../run/pause.ts'
import { createBoard } from '../scoreboard/board.ts'
import { serveScoreboard } from '../scoreboard/server.ts'
import { peopleKeeper, readPeople } from '../scoreboard/store.ts'

interface Options {
  readonly port: string
  readonly host: string
  readonly fresh?: boolean
}

export default function scoreboard(command: Command): void {
  command
    .option('--port <port>', 'where to listen; 0 takes any free one', '4000')
    .option('--host <address>', 'which network it is open to: 0.0.0.0 for everyone in the room', '127.0.0.1')
    .option('--fresh', 'begins with nobody; what was there is kept beside it')
    .action(perform<Options>(run))
}

async function run(context: Context<Options>): Promise<number> {
  const { options, output, signal } = context
  const { home } = await openStage(context)
  const file = await boardFile(home.folder, options.fresh === true)
  const ids = exercises.map(({ id }) => id)
  const board = createBoard(ids, await readPeople(file))
  const keeper = peopleKeeper(file)
  const server = await listen({
    ...{ board, exercises: ids, host: options.host, port: parsePort(options.port) },
    changed: (news) => {
      keeper.keep(board.people())
      output.note(news)
    },
  })
  for (const line of invitation(options.host, server.port)) output.print(line)
  await pause(Number.POSITIVE_INFINITY, signal)
  await server.close()
  await keeper.done()
  return EXIT.passed
}

async function boardFile(home: string, fresh: boolean): Promise<string> {
  await mkdir(home, { recursive: true })
  const file = join(home, 'scoreboard.json')
  if (fresh) await rename(file, `${file}.${Date.now()}.bak`).catch(() => {})
  return file
}

async function listen(options: Parameters<typeof serveScoreboard>[0]) {
  const { host, port } = options
  try {
    return await serveScoreboard(options)
  } catch (error) {
    const meaning = error instanceof Error ? error.message : undefined
    throw new UsageError(`The scoreboard can't listen on ${host}, port ${port}.`, {
      ...(meaning !== undefined && { meaning }),
      remedy: ['pnpm workshop scoreboard --port 0    takes any free port'],
    })
  }
}

function invitation(host: string, port: number): string[] {
  const open = host !== '127.0.0.1' && host !== 'localhost'
  const addresses = host === '0.0.0.0' ? ['127.0.0.1', ...addressesOfRoom()] : [host]
  return [
    '',
    ` Scoreboard, until Ctrl-C:`,
    ...addresses.map((address) => `   http://${address}:${port}`),
    '',
    ...(open
      ? [' Everyone in this network can see it. Whoever wants to be on it starts with']
      : [' Only this machine can see it; for a room add --host 0.0.0.0. Whoever wants to be on it starts with']),
    `   pnpm workshop exercise --scoreboard http://${addresses.at(-1)}:${port} --name NAME`,
    '',
  ]
}

function addressesOfRoom(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}
